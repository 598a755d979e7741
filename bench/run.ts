// Measures what `npm run bench` was asked for. Timed on a machine that does other things too: compare ratios, not times.
import { measureBacklog } from './backlog.ts';
import { measureCrowd } from './crowd.ts';
import { measureIdle } from './idle.ts';
import { measureLatency } from './latency.ts';
import { measurePackage } from './package-size.ts';
import { type Row, tableOf } from './row.ts';
import { measureStartUp } from './start-up.ts';
import { measureSteadyFlow } from './steady-flow.ts';
import { measureUploads } from './uploads.ts';

const benches: Readonly<Record<string, () => Row | Promise<Row | readonly Row[]>>> = {
  'start-up': measureStartUp,
  'wake-ups': () => measureLatency('normal', 200),
  'no-stream': () => measureLatency('absent', 200),
  backlog: measureBacklog,
  steady: measureSteadyFlow,
  'idle-100': () =>
    measureIdle({ workspaces: 100, profile: 'may', rateLimit: 600, residentMib: 80, cpuPercent: 2 }),
  uploads: measureUploads,
  'crowd-300': measureCrowd,
  'idle-1000': () =>
    measureIdle({ workspaces: 1_000, profile: 'head', rateLimit: 600, residentMib: 200, cpuPercent: 10 }),
  package: measurePackage,
};

const args = process.argv.slice(2);
const named = args.filter((arg) => !arg.startsWith('--'));
const unknown = named.find((name) => !Object.hasOwn(benches, name));
if (unknown !== undefined)
  throw new Error(`no such bench: ${unknown}; there are ${Object.keys(benches).join(', ')}`);
const rows: Row[] = [];
for (const [name, measure] of Object.entries(benches)) {
  if (named.length > 0 && !named.includes(name)) continue;
  console.error(`▸ ${name}`);
  rows.push(...[await measure()].flat());
}
const about = {
  date: new Date().toISOString(),
  node: process.version,
  platform: `${process.platform} ${process.arch}`,
};
console.log(args.includes('--json') ? JSON.stringify({ ...about, rows }, null, 2) : tableOf(rows));
