import { parse } from '@decimalturn/toml-patch';
import { describe, expect, it } from 'vitest';
import { putIntoToml, tomlSection } from '../../src/init/edit-toml.ts';

const ENTRY = { command: '/usr/bin/node', args: ['/a "b"/cli.js', 'x'], env: { CONFIGS_DIR: 'C:\\state' } };

/** The text of an edit that must succeed. */
function edited(text: string): string {
  const edit = putIntoToml(text, 'mcp_servers', 'molecule', ENTRY);
  if (!edit.ok) throw new Error(edit.reason);
  return edit.text;
}

const RICH = `# my configuration
model = "o3"   # tail
big = 9007199254740993
when = 1979-05-27T07:32:00Z
list = [ 1,
  2, # two
]
text = """
[mcp_servers.molecule]
"""

[mcp_servers.other]
command = "x"
args = ["-y", 'lit\\eral']
env = { "A" = "b" }

[[hooks]]
name = "a"
`;

describe('putIntoToml', () => {
  it('appends a section and leaves everything before it as it is', () => {
    const after = edited(RICH);
    expect(after.slice(0, RICH.length)).toBe(RICH);
    expect(after.slice(RICH.length)).toBe(`
[mcp_servers.molecule]
command = "/usr/bin/node"
args = ["/a \\"b\\"/cli.js", "x"]
env = {CONFIGS_DIR = "C:\\\\state"}
`);
  });

  it('writes a file that was not there', () => {
    expect(edited('')).toBe(tomlSection('mcp_servers', 'molecule', ENTRY));
    expect(parse(edited(''))).toEqual({ mcp_servers: { molecule: ENTRY } });
  });

  it('keeps line ends, also a missing last one', () => {
    expect(edited('a = 1\r\n').replaceAll('\r\n', '')).not.toContain('\n');
    expect(edited('a = 1')).toMatch(/^a = 1\n\n\[mcp_servers\.molecule\]\n/);
  });

  it('changes what is ours in a section and keeps what is the user’s', () => {
    const text = `[mcp_servers.molecule]
command = "molecule-mcp"
tool_timeout_sec = 90 # mine

[mcp_servers.molecule.env]
FOO = "bar" # kept
CONFIGS_DIR = "/old"

[z]
a = 1
`;
    const after = edited(text);
    expect(after).toContain('tool_timeout_sec = 90 # mine');
    expect(after).toContain('FOO = "bar" # kept');
    expect(parse(after)).toEqual({
      mcp_servers: {
        molecule: { ...ENTRY, tool_timeout_sec: 90, env: { FOO: 'bar', CONFIGS_DIR: 'C:\\state' } },
      },
      z: { a: 1 },
    });
    expect(putIntoToml(text, 'mcp_servers', 'molecule', ENTRY)).toMatchObject({
      before: { command: 'molecule-mcp', variables: ['FOO', 'CONFIGS_DIR'] },
    });
  });

  it('makes a remote server’s section a local one: what leads to a URL goes, comments and the rest stay', () => {
    const text = `[mcp_servers.molecule]
url = "https://inbox.example/mcp?key=SECRET"
bearer_token_env_var = "TOKEN"
env_http_headers = { "X-Key" = "KEY" }
enabled = true # mine

[mcp_servers.molecule.http_headers]
Authorization = "Bearer SECRET"

# the other one
[mcp_servers.other]
url = "https://other.example" # stays
`;
    const after = edited(text);
    expect(parse(after)).toEqual({
      mcp_servers: { molecule: { ...ENTRY, enabled: true }, other: { url: 'https://other.example' } },
    });
    for (const kept of ['enabled = true # mine', '# the other one', 'url = "https://other.example" # stays'])
      expect(after).toContain(kept);
    expect(putIntoToml(text, 'mcp_servers', 'molecule', ENTRY)).toMatchObject({
      before: { command: 'https://inbox.example/mcp' },
    });
  });

  it.each([
    'mcp_servers = { a = { command = "x" } }\n',
    'mcp_servers.a.command = "x"\nb = 1\n',
    '[mcp_servers]\n',
  ])('finds its way into %s', (text) => {
    const before = parse(text) as { mcp_servers: object };
    expect(parse(edited(text))).toEqual({
      ...before,
      mcp_servers: { ...before.mcp_servers, molecule: ENTRY },
    });
  });

  it('changes nothing the second time', () => {
    const once = edited(RICH);
    expect(edited(once)).toBe(once);
  });

  it.each([
    ['a = ', 'is not valid TOML'],
    ['mcp_servers = 1', 'holds something else than servers at "mcp_servers"'],
  ])('leaves %s alone', (text, reason) => {
    expect(putIntoToml(text, 'mcp_servers', 'molecule', ENTRY)).toEqual({ ok: false, reason });
  });
});
