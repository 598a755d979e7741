import { isCanonicalUuid } from '../ids.ts';
import { sanitiseFileName } from './file-name.ts';

/** How a staged file is named on disk, `<32 hex of its id>-<sanitised name>`: a repeat finds it (W-38). Takes a canonical UUID. */
export function stagedName(fileId: string, name: string): string {
  return `${fileId.replaceAll('-', '')}-${sanitiseFileName(name)}`;
}

/** The id and the name that such a file name tells; null for any other file. */
export function readStagedName(baseName: string): { readonly fileId: string; readonly name: string } | null {
  const [, hex, name] = STAGED_NAME.exec(baseName) ?? [];
  const fileId = hex?.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
  return name !== undefined && isCanonicalUuid(fileId) ? { fileId, name } : null;
}

const STAGED_NAME = /^([0-9a-f]{32})-([A-Za-z0-9._-]+)$/;
