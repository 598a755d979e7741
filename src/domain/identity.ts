import { isUuid } from './ids.ts';
import { trimWhiteSpace } from './white-space.ts';

/**
 * A name or role from the registry as it may be shown: letters, digits, space and `_ . - / + : @ ( )`, at most 64
 * characters; null when nothing of it is left. A display string, never an attestation: whoever registered chose it.
 */
export function identityField(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const plain = value.replace(NOT_SHOWN, ' ').replace(/^ | $/g, '');
  if (plain === '') return null;
  return plain.length > MAX_CHARS ? `${plain.slice(0, MAX_CHARS - 1)}…` : plain;
}

/** The same for a value that went through {@link identityField} before: one that it cut keeps its `…`. */
export function shownIdentity(value: unknown): string | null {
  return typeof value === 'string' && CUT.test(value) ? value : identityField(value);
}

/** A peer's workspace id in its canonical spelling; null for whatever is no hyphenated UUID, so that nothing else reaches a path. */
export function canonicalPeerId(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const id = trimWhiteSpace(value);
  return isUuid(id) ? id.toLowerCase() : null;
}

const MAX_CHARS = 64;
/** Runs of what is not shown, and of spaces, become one space. */
const NOT_SHOWN = /[^A-Za-z0-9_./+:@()-]+/g;
const CUT = /^[A-Za-z0-9_./+:@() -]{63}…$/;
