import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { runReplay } from '../../src/commands/replay.ts';
import { createTempFolder } from '../support/temp-folder.ts';

const RACES = 'test/fixtures/recordings/activity-races.ndjson';
const CHAT = 'test/fixtures/recordings/activity-chat.ndjson';

async function run(...args: string[]) {
  let printed = '';
  const said: string[] = [];
  const stderr = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said.push(String(text));
    return true;
  });
  try {
    const code = await runReplay(args, (text) => {
      printed += text;
    });
    return { code, printed, said: said.join('') };
  } finally {
    stderr.mockRestore();
  }
}

describe('molecule-inbox replay', () => {
  it('prints the timeline, the inbox and the digest of every file', async () => {
    const { code, printed } = await run(RACES, CHAT);
    expect(code).toBe(0);
    expect(printed.match(/^digest: sha256 [0-9a-f]{64}$/gm)).toHaveLength(2);
    expect(printed).toContain('#4     message.received     9ef9142a canvas_user: before');
    expect(printed).toMatch(/6\. 2026-11-22T21:52:22\.575992Z canvas_user: late/);
  });

  it('stops at an event or a time', async () => {
    const atEvent = await run(RACES, '--until', '5');
    expect(atEvent.printed).toContain('#5 ');
    expect(atEvent.printed).not.toContain('#6 ');
    expect(atEvent.printed).toContain('inbox: 1 waiting');
    const atTime = await run(RACES, '--until', '2026-11-22T22:52:22.490+01:00');
    expect(atTime.printed).toContain('inbox: 1 waiting');
  });

  it('says where two runs part, and that a run does not part from itself', async () => {
    expect(await run(RACES, RACES, '--diff')).toMatchObject({ code: 0 });
    const folder = createTempFolder('replay');
    const other = join(folder, 'other.ndjson');
    await writeFile(other, (await readFile(RACES, 'utf8')).replace('"overtook"', '"went past"'));
    await copyFile(RACES.replace('.ndjson', '.visible.json'), join(folder, 'other.visible.json'));
    const { code, printed } = await run('--diff', RACES, other);
    expect(code).toBe(1);
    expect(printed).toContain(` parts from ${other} · workspace `);
    expect(printed).toMatch(/^- .*canvas_user: overtook$/m);
    expect(printed).toMatch(/^\+ .*canvas_user: went past$/m);
    expect(printed).not.toMatch(/^[-+] .*tie-1/m);
  });

  it('plays at the speed it is told', async () => {
    const began = performance.now();
    await run(RACES, '--until', '4', '--speed', '10');
    // A second from the start to the first row, ten times as fast.
    expect(performance.now() - began).toBeGreaterThan(90);
  });

  it.each([
    [['missing.ndjson'], 'missing.ndjson cannot be read (ENOENT)'],
    [[], 'say which file'],
    [[RACES, '--until', 'yesterday'], '--until takes'],
    [[RACES, '--speed', '0'], '--speed takes'],
    [[RACES, '--diff'], '--diff takes two files'],
    [[RACES, '--nonsense'], '--nonsense'],
    [['package.json'], 'package.json:1 is no JSON'],
  ])('refuses %j in words', async (args, words) => {
    const { code, said } = await run(...args);
    expect(code).toBe(2);
    expect(said).toContain(words);
  });

  it('refuses a row in which a stranger has nested more than can be shown', async () => {
    const path = join(createTempFolder('replay'), 'deep.ndjson');
    const nested = `${'['.repeat(9_000)}${']'.repeat(9_000)}`;
    await writeFile(path, `{"id":"a","workspace_id":"b","request_body":${nested}}\n`);
    const { code, said } = await run(path);
    expect(code).toBe(2);
    expect(said).toContain(`${path}:1 nests more than can be shown`);
  });

  it('shows text that would move the cursor or forge a line as what it is', async () => {
    const folder = createTempFolder('replay');
    const path = join(folder, 'hostile.ndjson');
    const text = (await readFile(RACES, 'utf8')).replace('"overtook"', '"over\\u001b[2J\\ntook #99 forged"');
    await writeFile(path, text);
    const { printed } = await run(path);
    expect(printed).toContain('over\\u001b[2J\\ntook');
    expect(printed).not.toContain('\u001b');
  });
});
