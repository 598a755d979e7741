import type { Stats } from 'node:fs';
import { StorageError } from '../../src/domain/ports/storage.ts';
import { printable } from './storage-failure.ts';

/** Throws for what belongs to another user. Root's things are accepted beside our own: root needs none of ours to have its way. */
export function refuseForeign(path: string, facts: Stats): void {
  const me = process.getuid?.();
  if (me === undefined || facts.uid === me || facts.uid === 0) return;
  const words = `belongs to another user (uid ${facts.uid}, this is uid ${me})`;
  throw new StorageError(
    'not-owned',
    `${printable(path)} ${words}; change its owner or choose another folder`,
  );
}

/** Whether others may read or write what is ours. */
export function isLoose(facts: Stats): boolean {
  return facts.uid === process.getuid?.() && (facts.mode & 0o077) !== 0;
}

/** Whether others may write to it. */
export function isOpenToWriters(facts: Stats): boolean {
  return process.platform !== 'win32' && (facts.mode & 0o022) !== 0;
}

/** A mode as `chmod` takes it. */
export function octal(mode: number): string {
  return (mode & 0o7777).toString(8);
}
