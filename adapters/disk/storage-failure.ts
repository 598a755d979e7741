import { StorageError, type StorageErrorKind } from '../../src/domain/ports/storage.ts';

/** The `StorageError` for what a file system call threw: what was tried, why it failed, what to do about it. */
export function storageFailure(trying: string, path: string, cause: unknown): StorageError {
  if (cause instanceof StorageError) return cause;
  const code = errorCode(cause);
  const { kind, words } = FAILURES[code] ?? { kind: 'failed' as const, words: 'the file system refused' };
  return new StorageError(
    kind,
    `cannot ${trying} ${printable(path)}: ${words}${code && ` (${code})`}`,
    cause,
  );
}

/** The code of a system error (`ENOENT` …), empty for anything else. */
export function errorCode(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  return typeof code === 'string' ? code : '';
}

/** A path as it may stand in a line of text: a name with a line break or an escape sequence forges nothing (W-57). */
export function printable(path: string): string {
  return path.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return `\\u{${code.toString(16)}}`;
  });
}

const FAILURES: Readonly<Record<string, { readonly kind: StorageErrorKind; readonly words: string }>> = {
  ENOSPC: { kind: 'full', words: 'the disk is full; free some space' },
  EDQUOT: { kind: 'full', words: 'the disk quota is used up; free some space' },
  EROFS: {
    kind: 'read-only',
    words: 'the file system is read-only; make it writable or choose another folder',
  },
  EACCES: {
    kind: 'read-only',
    words: 'permission denied; correct its owner and mode or choose another folder',
  },
  EPERM: { kind: 'read-only', words: 'not permitted; correct its owner and mode or choose another folder' },
  ENOTDIR: { kind: 'not-a-directory', words: 'a file stands where a folder should be; move it away' },
  ELOOP: {
    kind: 'symlink',
    words: 'it is a symbolic link, and links are never followed; put the real thing there',
  },
  EMFILE: { kind: 'failed', words: 'too many open files; raise the limit (ulimit -n)' },
  EIO: { kind: 'failed', words: 'the disk reported an error' },
};
