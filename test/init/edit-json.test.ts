import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { putIntoJson } from '../../src/init/edit-json.ts';

const ENTRY = {
  type: 'stdio',
  command: '/usr/bin/node',
  args: ['/a b/cli.js'],
  env: { CONFIGS_DIR: '/state' },
};

/** The text of an edit that must succeed. */
function edited(text: string, entry: Parameters<typeof putIntoJson>[3] = ENTRY): string {
  const edit = putIntoJson(text, 'mcpServers', 'molecule', entry);
  if (!edit.ok) throw new Error(edit.reason);
  return edit.text;
}

/** JSON with comments and trailing commas, read by other means than the edit's. */
function readJson(text: string) {
  return JSON.parse(text.replace(/\/\*.*?\*\/|\/\/.*/g, '').replace(/,(\s*})/g, '$1'));
}

describe('putIntoJson', () => {
  it('writes a file that was not there', () => {
    expect(JSON.parse(edited(''))).toEqual({ mcpServers: { molecule: ENTRY } });
  });

  it('keeps comments, order, indentation and line ends', () => {
    const text = [
      '// mine',
      '{',
      '\t"theme": "dark", // tail',
      '\t"mcpServers": {',
      '\t\t/* the other */',
      '\t\t"other": { "command": "x", "args": ["1"], },',
      '\t},',
      '\t"last": 1.50',
      '}',
      '',
    ].join('\r\n');
    const after = edited(text);
    const added = after.split('\r\n').filter((line) => !text.split('\r\n').includes(line));
    expect(after.split('\r\n').filter((line) => !added.includes(line))).toEqual(text.split('\r\n'));
    expect(added.join('\n')).toMatch(/^\t\t"molecule": \{\n\t\t\t"type": "stdio",/);
    expect(after.replaceAll('\r\n', '')).not.toContain('\n');
  });

  it('changes what is ours in an entry and keeps what is the user’s', () => {
    const text = `{
  "mcpServers": {
    "molecule": {
      "command": "molecule-mcp", // the old one
      "timeout": 90, // mine
      "env": { "PLATFORM_URL": "https://a.example", "CONFIGS_DIR": "/old" }
    }
  }
}
`;
    const { env: _, ...entry } = ENTRY;
    const edit = putIntoJson(text, 'mcpServers', 'molecule', entry);
    expect(edit).toMatchObject({
      ok: true,
      before: { command: 'molecule-mcp', variables: ['PLATFORM_URL', 'CONFIGS_DIR'] },
    });
    const after = edited(text, entry);
    expect(after).toContain('"timeout": 90, // mine');
    expect(after).toContain('// the old one');
    expect(JSON.parse(after.replace(/ \/\/.*/g, '').replace(/,(\s*})/g, '$1')).mcpServers.molecule).toEqual({
      type: 'stdio',
      command: '/usr/bin/node',
      args: ['/a b/cli.js'],
      timeout: 90,
      env: { PLATFORM_URL: 'https://a.example' },
    });
  });

  it('makes a remote server’s entry a local one: what leads to a URL goes, comments and the rest stay', () => {
    const text = `{
  "mcpServers": {
    // how it is reached
    "molecule": {
      "type": "http", "url": "https://me:SECRET@inbox.example/mcp?key=SECRET",
      "headers": { "Authorization": "Bearer SECRET" }, // its key
      /* mine */
      "timeout": 90, // stays
      "env": { "A": "b", "CONFIGS_DIR": "/old" },
      "oauth": {
        "clientId": "x"
      }
    }
  }
}
`;
    const { env: _, ...entry } = ENTRY;
    expect(edited(text, entry)).toBe(`{
  "mcpServers": {
    // how it is reached
    "molecule": {
      "type": "stdio",
      /* mine */
      "timeout": 90, // stays
      "env": { "A": "b" },
      "command": "/usr/bin/node",
      "args": [
        "/a b/cli.js"
      ]
    }
  }
}
`);
    expect(putIntoJson(text, 'mcpServers', 'molecule', entry)).toMatchObject({
      before: { command: 'https://***@inbox.example/mcp' },
    });
  });

  it.each([
    ['{"url":"u"}', '{"command":"node"}'],
    ['{"url":"u","trust":true}', '{"trust":true,"command":"node"}'],
    ['{"trust":true,"headers":{},"url":"u"}', '{"trust":true,"command":"node"}'],
    ['{"type":"stdio","command":"x"}', '{"type":"stdio","command":"node"}'],
    ['{"type":"sse","httpUrl":"u","tcp":"t"}', '{"command":"node"}'],
    ['{"url":"u" /* a */ , /* b */ "trust":true}', '{"trust":true,"command":"node"}'],
    ['{"trust":true, // c\n"url":"u",\n}', '{"trust":true,"command":"node"}'],
  ])('of %s keeps %s', (entry, expected) => {
    const edit = putIntoJson(`{"mcpServers":{"molecule":${entry}}}`, 'mcpServers', 'molecule', {
      command: 'node',
    });
    expect(edit.ok && readJson(edit.text).mcpServers.molecule).toEqual(JSON.parse(expected));
  });

  it('changes nothing the second time', () => {
    const once = edited('{"a":1}');
    expect(edited(once)).toBe(once);
  });

  it.each([
    ['{ torn', 'is not valid JSON'],
    ['[]', 'holds no JSON object'],
    ['{"mcpServers": []}', 'holds something else than servers at "mcpServers"'],
    ['{"mcpServers":{},"mcpServers":{"a":{}}}', 'cannot be edited safely'],
  ])('leaves %s alone', (text, reason) => {
    expect(putIntoJson(text, 'mcpServers', 'molecule', ENTRY)).toEqual({ ok: false, reason });
  });

  it('keeps whatever else any file holds', () => {
    const member = fc.string().filter((key) => key !== '__proto__');
    const file = fc.dictionary(member, fc.jsonValue());
    fc.assert(
      fc.property(
        file,
        fc.dictionary(member, fc.jsonValue()),
        fc.constantFrom(0, 2, '\t'),
        (rest, servers, indent) => {
          const before = {
            ...rest,
            mcpServers: { ...servers, molecule: { type: 'http', command: 'x', mine: 1, url: 'u' } },
          };
          const after = JSON.parse(edited(JSON.stringify(before, null, indent)));
          const expected = {
            ...before,
            mcpServers: { ...before.mcpServers, molecule: { ...ENTRY, mine: 1 } },
          };
          expect(after).toEqual(JSON.parse(JSON.stringify(expected)));
        },
      ),
    );
  });
});
