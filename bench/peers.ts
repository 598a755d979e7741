/** Who is measured: this program, or another that speaks MCP on stdio and takes the same environment. */
export interface Contender {
  /** In front of what was measured; empty for this program. */
  readonly name: string;
  /** A shell's command line; null for this program. */
  readonly command: string | null;
}

/** This program. */
export const OWN: Contender = { name: '', command: null };

/**
 * The programs of `MOLECULE_BENCH_PEERS`: command lines with semicolons between them, for example
 * `python3 -m molecule_agent; bun plugin/server.ts`. They are given `PLATFORM_URL`, `WORKSPACE_ID`,
 * `MOLECULE_WORKSPACE_TOKEN` or `MOLECULE_WORKSPACES`, and a home of their own.
 */
export function peersOf(said: string | undefined = process.env.MOLECULE_BENCH_PEERS): readonly Contender[] {
  const commands = (said ?? '').split(';').map((command) => command.trim());
  return commands.filter(Boolean).map((command) => ({ name: `peer \`${command}\`: `, command }));
}
