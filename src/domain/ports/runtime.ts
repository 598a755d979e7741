/** Where a line for the person at the terminal goes: stderr in the program, a list in a test. Never stdout. */
export interface Logger {
  /** Shown with `MOLECULE_MCP_VERBOSE` only. */
  info(line: string): void;
  warn(line: string): void;
  error(line: string): void;
}

/** The wall clock, milliseconds since the epoch; a test or a replay gives its own. */
export type Clock = () => number;
