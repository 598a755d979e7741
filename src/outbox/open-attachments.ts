import { constants } from 'node:fs';
import { type FileHandle, lstat, open, realpath } from 'node:fs/promises';
import { basename, dirname, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type AttachmentFacts,
  type AttachmentRules,
  chooseAttachmentRoots,
  whyNotAttach,
} from '../domain/files/attachment-policy.ts';
import { readStagedName } from '../domain/files/staged-name.ts';
import { AgentError } from '../domain/ports/agent.ts';
import type { OutgoingFile } from '../domain/ports/platform.ts';
import type { AttachmentSources } from './deps.ts';
import { mimeTypeOf } from './mime-type.ts';

/** Files that may leave, opened and not yet read. */
export interface OpenAttachments {
  readonly files: readonly OutgoingFile[];
  /** The file that turned out shorter than it was when opened, if any: what was sent of it is no whole file. */
  shrunken(): string | null;
  close(): Promise<void>;
}

/**
 * Opens what the agent asked to attach for a workspace, or refuses the whole with every file that may not leave and why
 * (W-55). Every symlink is resolved, and the policy decided, before anything is opened; what is then opened must be the
 * very file that was judged. Paths may also be `file:` URLs or `workspace:` URIs, as messages show staged files.
 */
export async function openAttachments(
  asked: readonly string[],
  workspaceId: string,
  sources: AttachmentSources,
): Promise<OpenAttachments> {
  const rules = await readRules(workspaceId, sources);
  const judged = await Promise.all(asked.map((path) => judge(path, rules, sources)));
  refuseIfAny(judged.filter((outcome): outcome is Refused => 'reason' in outcome));
  const allowed = judged.filter((outcome): outcome is Allowed => 'path' in outcome);

  const opened: Opened[] = [];
  const close = async () => {
    await Promise.all(opened.map(({ handle }) => handle.close().catch(() => {})));
  };
  const refused: Refused[] = [];
  for (const file of allowed) {
    const outcome = await openJudged(file);
    if ('reason' in outcome) refused.push(outcome);
    else opened.push(outcome);
  }
  if (refused.length > 0) await close();
  refuseIfAny(refused);

  let shrunken: string | null = null;
  const files = opened.map((file) =>
    outgoing(file, () => {
      shrunken = file.name;
    }),
  );
  return { files, shrunken: () => shrunken, close };
}

interface Refused {
  readonly asked: string;
  readonly reason: string;
}

interface Allowed {
  readonly asked: string;
  readonly name: string;
  /** Every symlink resolved. */
  readonly path: string;
}

interface Opened {
  readonly name: string;
  readonly size: number;
  readonly handle: FileHandle;
}

async function readRules(workspaceId: string, sources: AttachmentSources): Promise<AttachmentRules> {
  const separator = sep === '\\' ? '\\' : '/';
  const roots = chooseAttachmentRoots({
    configured: sources.configuredRoots,
    offered: sources.configuredRoots ? null : await sources.offeredRoots(),
    workingDirectory: await resolved(sources.workingDirectory),
    homeDirectory: await resolved(sources.homeDirectory),
    separator,
  });
  return {
    roots: await Promise.all(roots.map(resolved)),
    closedFolders: await Promise.all(sources.closedFolders.map(resolved)),
    workspaceId,
    separator,
  };
}

async function judge(
  asked: string,
  rules: AttachmentRules,
  sources: AttachmentSources,
): Promise<Allowed | Refused> {
  try {
    const path = resolve(sources.workingDirectory, localPath(asked));
    const target = await realpath(path);
    const stats = await lstat(target);
    const facts: AttachmentFacts = {
      path: target,
      kind: stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'special',
      stagedAt:
        (await sources.stagedAt(target)) ?? ((await isNoLink(path)) ? await sources.stagedAt(path) : null),
    };
    const reason = whyNotAttach(facts, rules);
    if (reason !== null) return { asked, reason };
    const name = basename(path);
    const staged = facts.stagedAt === null ? null : readStagedName(name);
    return { asked, path: target, name: staged?.name ?? name };
  } catch (error) {
    return { asked, reason: whyUnreachable(error) };
  }
}

/**
 * Opens what was judged, without following a link and without waiting for a pipe's writer. Between judging and opening
 * somebody may have put a link in its place, or in that of a folder above it: what is open must be what the path names.
 */
async function openJudged({ asked, name, path }: Allowed): Promise<Opened | Refused> {
  let handle: FileHandle | null = null;
  try {
    const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants;
    handle = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    const stats = await handle.stat({ bigint: true });
    const named = (await realpath(path)) === path ? await lstat(path, { bigint: true }) : null;
    const same = named?.dev === stats.dev && named.ino === stats.ino;
    if (!same || !stats.isFile()) throw new Error(EXCHANGED);
    if (stats.size === 0n) throw new Error('is empty, and the platform takes no empty file');
    return { name, size: Number(stats.size), handle };
  } catch (error) {
    await handle?.close();
    return { asked, reason: codeOf(error) === 'ELOOP' ? EXCHANGED : whyUnreachable(error) };
  }
}

function outgoing({ name, size, handle }: Opened, noteShrunken: () => void): OutgoingFile {
  return {
    name,
    mimeType: mimeTypeOf(name),
    size,
    async *open() {
      let bytes = 0;
      for await (const chunk of handle.createReadStream({ start: 0, end: size - 1, autoClose: false })) {
        bytes += chunk.length;
        yield chunk;
      }
      if (bytes === size) return;
      noteShrunken();
      throw new Error('the file became shorter while it was sent');
    },
  };
}

function localPath(asked: string): string {
  if (asked.includes('\0')) throw new Error('is no path');
  if (/^file:/i.test(asked)) return fileURLToPath(asked);
  return asked.startsWith('workspace:') ? asked.slice('workspace:'.length) : asked;
}

/** Whether the last part of the path is itself the file: then only folders above it were links. */
async function isNoLink(path: string): Promise<boolean> {
  return (await realpath(path)) === resolve(await realpath(dirname(path)), basename(path));
}

/** The path with every symlink resolved; as it is when there is nothing there (then nothing can be inside it either). */
async function resolved(path: string): Promise<string> {
  return realpath(path).catch(() => resolve(path));
}

function whyUnreachable(error: unknown): string {
  const code = codeOf(error);
  return (
    WHY_UNREACHABLE[code] ??
    (code === '' && error instanceof Error ? error.message : `cannot be opened (${code})`)
  );
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function refuseIfAny(refused: readonly Refused[]): void {
  if (refused.length === 0) return;
  const reasons = refused.map(({ asked, reason }) => `${JSON.stringify(asked.slice(0, 300))} ${reason}`);
  throw new AgentError(
    `Nothing was sent. ${reasons.join('; ')}.`,
    'Send it without that file, or ask the user to put a copy into a folder that may be attached (MOLECULE_ATTACH_ROOTS names them).',
  );
}

const EXCHANGED = 'was exchanged while it was looked at';

const WHY_UNREACHABLE: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist',
  EACCES: 'may not be read by this process',
  EPERM: 'may not be read by this process',
  ELOOP: 'is a symlink that leads nowhere',
  ENAMETOOLONG: 'has too long a name',
  ERR_INVALID_FILE_URL_PATH: 'is no local path',
  ERR_INVALID_FILE_URL_HOST: 'is no local path',
  ERR_INVALID_URL: 'is no local path',
};
