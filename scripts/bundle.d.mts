/** Bundles the command line (`cli.cjs`, `cli.js`) and the library into a folder. */
export function bundle(outdir: string): Promise<unknown>;
