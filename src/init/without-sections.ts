/**
 * A TOML text without the sections of these names (`mcp_servers.molecule.http_headers`) and those below them. Comments
 * behind a section's last value belong to what follows, and stay. Works on lines, so a reader has to check what came of it.
 */
export function withoutSections(text: string, names: readonly string[]): string {
  const kept: string[] = [];
  /** Null outside of a section that goes; else the comments since its last value. */
  let behind: string[] | null = null;
  for (const line of text.split(/(?<=\n)/)) {
    const [, header] = /^\s*\[{1,2}([^[\]]*)\]{1,2}\s*(?:#.*)?$/.exec(line) ?? [];
    if (header !== undefined) {
      const section = `${header.replace(/[\s"']/g, '')}.`;
      kept.push(...(behind ?? []));
      behind = names.some((name) => section.startsWith(`${name}.`)) ? [] : null;
      if (behind === null) kept.push(line);
    } else if (behind === null) kept.push(line);
    else if (/^\s*(#|$)/.test(line)) behind.push(line);
    else behind = [];
  }
  return [...kept, ...(behind ?? [])].join('');
}
