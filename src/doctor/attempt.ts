import { PlatformError } from '../domain/wire/platform-error.ts';

/** What came of asking the platform. */
export type Attempt<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly error: PlatformError };

/** Asks; an error that is not the platform's is a fault of ours and passes through. */
export async function attempt<Value>(asked: Promise<Value>): Promise<Attempt<Value>> {
  try {
    return { ok: true, value: await asked };
  } catch (error) {
    if (error instanceof PlatformError) return { ok: false, error };
    throw error;
  }
}
