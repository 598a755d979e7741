import { sanitiseFileName } from '../files/file-name.ts';
import { isCanonicalUuid } from '../ids.ts';
import type { FileReference } from '../message.ts';
import { isRecord } from '../record.ts';
import { partLists } from './parts.ts';

/** How the platform spells a file that waits for its workspace (§7.1). */
export const PENDING_SCHEME = 'platform-pending:';

/** The URI of one pending file of a workspace, as the platform writes it: both ids in lower case. */
export function pendingUri(workspaceId: string, fileId: string): string {
  return `${PENDING_SCHEME}${workspaceId.toLowerCase()}/${fileId}`;
}

/**
 * The file id in a URI of exactly `platform-pending:<this workspace>/<canonical uuid>`, else null: then it names no file
 * that this workspace may fetch, and nothing of it may come into a request path (W-35).
 */
export function fileIdOf(uri: string, workspaceId: string): string | null {
  const prefix = pendingUri(workspaceId, '');
  const fileId = uri.startsWith(prefix) ? uri.slice(prefix.length) : '';
  return isCanonicalUuid(fileId) ? fileId : null;
}

/**
 * The files that a body cites, in the order of its three lists of parts, each URI once (§6.8). Whoever sent a file part
 * without any URI (bytes inline, a broken sender) gets a reference with an empty one, so that the file is named and not
 * silently lost. Never throws.
 */
export function citedFiles(body: unknown, workspaceId: string): readonly FileReference[] {
  const seen = new Set<string>();
  const files: FileReference[] = [];
  for (const part of partLists(body).flat()) {
    const file = readFilePart(part, workspaceId);
    if (file === null || seen.has(file.uri)) continue;
    if (file.uri !== '') seen.add(file.uri);
    files.push(file);
  }
  return files;
}

/** What is said about a file, in a file part or in an upload row's manifest: tolerant of absence and of both spellings. */
export function fileFacts(file: Readonly<Record<string, unknown>>): {
  readonly name: string;
  readonly mimeType?: string;
  readonly size?: number;
} {
  const mimeType = [file.mimeType, file.mime_type].find(isMimeType);
  const size = file.size;
  return {
    name: sanitiseFileName(typeof file.name === 'string' && file.name.trim() !== '' ? file.name : ''),
    ...(mimeType === undefined ? {} : { mimeType }),
    ...(isByteCount(size) ? { size } : {}),
  };
}

function readFilePart(part: unknown, workspaceId: string): FileReference | null {
  if (!isRecord(part) || !isRecord(part.file)) return null;
  const { uri } = part.file;
  const saysFile = part.kind === 'file' || part.type === 'file';
  if (typeof uri !== 'string' || uri === '') {
    return saysFile ? { fileId: null, uri: '', ...fileFacts(part.file), cited: true } : null;
  }
  return { fileId: fileIdOf(uri, workspaceId), uri, ...fileFacts(part.file), cited: true };
}

function isMimeType(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 255 && MIME_TYPE.test(value);
}

function isByteCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** `type/subtype` with optional parameters, printable ASCII: it may be shown and compared. */
const MIME_TYPE = /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(?:\s*;[\x20-\x7e]*)?$/;
