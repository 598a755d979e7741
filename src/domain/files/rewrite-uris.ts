import { isRecord } from '../record.ts';
import { PENDING_SCHEME } from '../wire/file-parts.ts';

/** What a pending URI stands for by now; nothing (or an empty text) where it is not known. */
export type UriLookup = (pendingUri: string) => string | null | undefined;

/**
 * A body whose file parts point at local files: in each of its three lists of parts, every `file.uri` that begins with
 * `platform-pending:` is looked up once, by its exact text, and replaced where the lookup knows it (C7-16, C7-17). Text is never
 * touched, the input is never changed, and a body without a hit comes back as the same object.
 */
export function rewriteUris(body: unknown, lookup: UriLookup): unknown {
  const inPart = (part: unknown) => withMember(part, 'file', (file) => withMember(file, 'uri', inUri));
  const inUri = (uri: unknown) => {
    if (typeof uri !== 'string' || !uri.startsWith(PENDING_SCHEME)) return uri;
    return lookup(uri) || uri;
  };
  const inParts = (owner: unknown) => withMember(owner, 'parts', (parts) => withElements(parts, inPart));
  const inParams = (params: unknown) => inParts(withMember(params, 'message', inParts));
  return inParts(withMember(body, 'params', inParams));
}

/** An object with one of its members changed; the value itself when it is no object or the member stays. */
function withMember(value: unknown, key: string, change: (member: unknown) => unknown): unknown {
  if (!isRecord(value) || !Object.hasOwn(value, key)) return value;
  const changed = change(value[key]);
  return changed === value[key] ? value : { ...value, [key]: changed };
}

/** A list with its elements changed; the value itself when it is no list or all of them stay. */
function withElements(value: unknown, change: (element: unknown) => unknown): unknown {
  if (!Array.isArray(value)) return value;
  const changed = value.map(change);
  return changed.some((element, index) => element !== value[index]) ? changed : value;
}
