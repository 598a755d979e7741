import * as z from 'zod';
import type { WorkspacePlatform } from '../domain/ports/platform.ts';
import { PlatformError } from '../domain/wire/platform-error.ts';

/** How much may go up in one request; bytes. */
export interface UploadLimits {
  readonly perFileBytes: number;
  readonly perRequestBytes: number;
  /** Whether they are this server's; else they are what the smallest server takes, since this one did not say. */
  readonly areTold: boolean;
}

/** What servers of May take, which do not tell (§7.1). */
export const MAY_LIMITS: UploadLimits = {
  perFileBytes: 25 * 1024 * 1024,
  perRequestBytes: 50 * 1024 * 1024,
  areTold: true,
};

/** Files in one request, on every server (§7.1). */
export const MAX_FILES = 64;

/**
 * Asks the server for its limits (§15.1). One that says in its own words that it has no such route (§1.2) is a server of
 * May. Another page, no words at all (§1.6) or JSON of another shape may come from something on the way: then May's limits
 * are a guess. Any other trouble, a 404 about something else among it, rejects with a {@link PlatformError}.
 */
export async function readUploadLimits(
  platform: Pick<WorkspacePlatform, 'call'>,
  signal: AbortSignal,
): Promise<UploadLimits> {
  try {
    const { body } = await platform.call({ method: 'GET', path: '/uploads/limits' }, signal);
    return limitsSchema.catch(GUESS).parse(body);
  } catch (error) {
    if (!(error instanceof PlatformError) || error.kind !== 'no-such-route') throw error;
    return error.detail === NO_ROUTE ? MAY_LIMITS : GUESS;
  }
}

/**
 * Why these files cannot go up in one request, null when they can. The request's own framing counts against its limit,
 * so where both limits are equal a file of exactly that size is too large (§15.7).
 */
export function whyTooMuch(
  files: readonly { readonly name: string; readonly size: number }[],
  limits: Pick<UploadLimits, 'perFileBytes' | 'perRequestBytes'>,
): string | null {
  const { perFileBytes, perRequestBytes } = limits;
  if (files.length > MAX_FILES)
    return `${files.length} files are too many: the platform takes ${MAX_FILES} at a time`;
  const largest = Math.min(perFileBytes, perRequestBytes - framing(1));
  const large = files.find(({ size }) => size > largest);
  if (large) return `${large.name} has ${large.size} bytes, and the platform takes ${largest} a file`;
  const total = files.reduce((sum, { size }) => sum + size, framing(files.length));
  return total > perRequestBytes
    ? `together they have ${total} bytes, and the platform takes ${perRequestBytes} at a time`
    : null;
}

/** More than the boundaries and headers of a multipart body ever take. */
function framing(files: number): number {
  return 1024 * (files + 1);
}

const bytes = z.number().int().positive();

const limitsSchema = z.object({ per_file_bytes: bytes, per_request_bytes: bytes }).transform(
  (said): UploadLimits => ({
    perFileBytes: said.per_file_bytes,
    perRequestBytes: said.per_request_bytes,
    areTold: true,
  }),
);

const GUESS: UploadLimits = { ...MAY_LIMITS, areTold: false };
const NO_ROUTE = '404 page not found';
