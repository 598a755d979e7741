import type { Metafile } from 'esbuild';

/** Puts the CommonJS modules of a split bundle together into a few files, by name. */
export function packModules(
  outputs: Metafile['outputs'],
  codes: ReadonlyMap<string, string>,
): { files: ReadonlyMap<string, string>; first: string };
