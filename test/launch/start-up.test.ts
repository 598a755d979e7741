import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { bundle } from '../../scripts/bundle.mjs';
import { createTempFolder } from '../support/temp-folder.ts';

const HELLO = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
};
/** Says at each write to stdout whether `node:crypto` has been loaded by then. */
const WATCHING = `
const { write } = process.stdout;
process.stdout.write = (...args) => {
  process.stderr.write('crypto ' + process.moduleLoadList.includes('NativeModule crypto') + '\\n');
  return write.apply(process.stdout, args);
};`;

it('answers `initialize` from one file, without the others, node:crypto and the schemas of a client', async () => {
  const folder = createTempFolder('start-up');
  await bundle(folder);
  const program = join(folder, 'program');
  const files = readdirSync(program);
  const start = files.find((name) => name.startsWith('start-')) ?? '';
  const others = files.filter((name) => name !== start);
  const code = readFileSync(join(program, start), 'utf8');
  expect(code).toContain('InitializeRequestSchema');
  expect(code).not.toContain('ListPromptsResultSchema');
  expect(others.length).toBeGreaterThan(1);
  for (const name of others) rmSync(join(program, name));
  const watching = join(folder, 'watching.cjs');
  writeFileSync(watching, WATCHING);

  const child = spawn(process.execPath, ['--require', watching, join(folder, 'cli.cjs')], {
    env: {
      HOME: folder,
      PLATFORM_URL: 'http://127.0.0.1:9',
      WORKSPACE_ID: '7f3f1d3e-6f4b-4f0b-9d3f-0c6f5f1a2b3c',
      MOLECULE_WORKSPACE_TOKEN: 'test',
    },
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk;
  });
  child.stdin.write(`${JSON.stringify(HELLO)}\n`);
  const [reply] = (await once(child.stdout, 'data')) as [Buffer];
  expect(JSON.parse(String(reply))).toMatchObject({
    id: 1,
    result: { serverInfo: { name: 'molecule-inbox' } },
  });
  child.stdin.end();
  await once(child, 'close');
  expect(stderr).toContain('crypto false');
});
