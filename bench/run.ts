// Measures what `npm run bench` was asked for: some rows by name, or all; as a table, `--json`, `--markdown` with the date and the
// machine above it, `--write=FILE` into the place that a file has for it. Timed on a machine that does other things too: compare ratios, not times.
import { cpus, loadavg, totalmem } from 'node:os';
import { measureBacklog } from './backlog.ts';
import { rowsOf } from './child-rows.ts';
import { measureCrowd } from './crowd.ts';
import { measureHundred, measureIdle } from './idle.ts';
import { measureInspector } from './inspector.ts';
import { measureWakeUps, measureWithoutStream } from './latency.ts';
import { measurePackage } from './package-size.ts';
import { measurePast } from './past.ts';
import { OWN, peersOf } from './peers.ts';
import { measureRewriting } from './rewriting.ts';
import { type Row, tableOf } from './row.ts';
import { measureStartUp } from './start-up.ts';
import { measureSteadyFlow } from './steady-flow.ts';
import { writePage } from './write-page.ts';

const benches: Readonly<Record<string, () => readonly Row[] | Promise<Row | readonly Row[]>>> = {
  'start-up': measureStartUp,
  package: measurePackage,
  past: measurePast,
  'wake-ups': measureWakeUps,
  'no-stream': measureWithoutStream,
  backlog: measureBacklog,
  steady: measureSteadyFlow,
  rewriting: measureRewriting,
  inspector: measureInspector,
  uploads: () => rowsOf('transfers'),
  day: () => rowsOf('day'),
  'idle-100': () => measureHundred([OWN, ...peersOf()]),
  'crowd-300': measureCrowd,
  'idle-1000': () => measureIdle({ workspaces: 1_000, profile: 'head', residentMib: 200, cpuPercent: 10 }),
};

const args = process.argv.slice(2);
const named = args.filter((arg) => !arg.startsWith('--'));
const unknown = named.find((name) => !Object.hasOwn(benches, name));
if (unknown !== undefined)
  throw new Error(`no such bench: ${unknown}; there are ${Object.keys(benches).join(', ')}`);
const writes = args.filter((arg) => arg.startsWith('--write='));
if (writes.length > 0 && named.length > 0) throw new Error('--write replaces the whole table: name no rows');
const about = {
  date: new Date().toISOString(),
  node: process.version,
  machine: `${process.platform} ${process.arch}, ${cpus().length} × ${cpus()[0]?.model.trim()}, ${(totalmem() / 2 ** 30).toFixed(0)} GiB`,
  command: ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' '),
  loadBefore: loadavg()[0],
};
const rows: Row[] = [];
for (const [name, measure] of Object.entries(benches)) {
  if (named.length > 0 && !named.includes(name)) continue;
  console.error(`▸ ${name}`);
  const beganMs = performance.now();
  const measured = [await measure()].flat();
  console.error(`${tableOf(measured)}\n  (${((performance.now() - beganMs) / 1000).toFixed(0)} s)`);
  rows.push(...measured);
}
const whole = { ...about, rows };
for (const arg of writes) writePage(arg.slice('--write='.length), pageOf());
if (args.includes('--json')) console.log(JSON.stringify(whole, null, 2));
else if (args.includes('--markdown')) console.log(pageOf());
else console.log(tableOf(rows));

/** What the README shows. */
function pageOf(): string {
  const said = `Measured ${about.date.slice(0, 10)} with \`${about.command}\`: ${about.machine}, Node ${about.node}, load ${about.loadBefore?.toFixed(1)} before.`;
  return `${said}\n\n${tableOf(rows)}`;
}
