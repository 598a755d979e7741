/** The steps between the first byte of a file and the note that the platform knows of it (rule "crash-safe", W-37, W-41). */
export const dyingPoints = [
  'temp created',
  'temp written',
  'temp flushed',
  'renamed',
  'folder flushed',
  'noted, not flushed',
  'noted',
  'acknowledged, not noted',
  'acknowledgement noted',
] as const;

/** One of them. */
export type DyingPoint = (typeof dyingPoints)[number];
