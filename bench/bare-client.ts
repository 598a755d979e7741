// The floor for wake-ups, in a process of its own: a node:http client that follows the event stream, polls once for each
// event, appends what came to a file, syncs it, and only then says it on stdout. `node bare-client.mjs URL ID TOKEN`.
import { fdatasync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

const [url = '', id = '', token = ''] = process.argv.slice(2);
const sync = promisify(fdatasync);
const agent = new Agent({ keepAlive: true });
const headers = { authorization: `Bearer ${token}` };
const folder = mkdtempSync(join(tmpdir(), 'molecule-inbox-bench-bare-'));
const file = openSync(join(folder, 'log'), 'a');
process.stdin.on('end', () => {
  rmSync(folder, { recursive: true });
  process.exit(0);
});
process.stdin.resume();

let sinceId = '';
let polling = false;
let again = false;

async function poll(): Promise<void> {
  again = polling;
  if (polling) return;
  polling = true;
  do {
    again = false;
    const query = sinceId === '' ? 'limit=500' : `limit=500&since_id=${sinceId}`;
    const rows = JSON.parse(await read(`${url}/workspaces/${id}/activity?${query}`)) as { id: string }[];
    if (sinceId === '') rows.reverse();
    if (rows.length === 0) continue;
    sinceId = rows.at(-1)?.id ?? sinceId;
    writeSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    await sync(file);
    for (const row of rows) process.stdout.write(`${JSON.stringify(row)}\n`);
  } while (again);
  polling = false;
}

function read(address: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get(address, { agent, headers }, (reply) => {
      let text = '';
      reply.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
      });
      reply.on('end', () => resolve(text));
    }).on('error', reject);
  });
}

get(`${url}/workspaces/${id}/events/stream`, { headers }, (stream) => {
  createInterface({ input: stream }).on('line', (line) => {
    if (line.startsWith(':')) process.stdout.write('open\n');
    if (line.includes('ACTIVITY_LOGGED')) void poll();
  });
});
