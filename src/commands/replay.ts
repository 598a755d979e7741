import { parseArgs } from 'node:util';
import { toMicros } from '../domain/time.ts';
import { diffRuns } from '../replay/diff.ts';
import { play } from '../replay/play.ts';
import { readSource } from '../replay/read-source.ts';
import { type RunReport, reportRun } from '../replay/report.ts';
import type { Until } from '../replay/run.ts';
import { SourceError } from '../replay/source.ts';

const USAGE = `molecule-inbox replay FILE…

Plays recordings, activity rows or an events.jsonl again, through the same
streams and machines, on a virtual clock.

  --until SEQ|TIME   stop after that event, or at that time (RFC 3339)
  --speed N          N times as fast as it was, instead of at once
  --diff             of two files: where their runs part
`;

/**
 * Plays files through the bridge's own streams and machines on a virtual clock and prints what happened. Exit code 1:
 * the two runs of `--diff` part; 2: a file or an argument is of no use.
 */
export async function runReplay(
  args: readonly string[],
  write: (text: string) => void = (text) => process.stdout.write(text),
): Promise<number> {
  if (args.includes('--help')) {
    write(USAGE);
    return 0;
  }
  try {
    const { paths, until, speed, diff } = readArguments(args);
    if (diff) return await compare(paths, until, write);
    for (const path of paths) {
      for (const report of await reportsOf(path, until)) await print(report, speed, write);
    }
    return 0;
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    process.stderr.write(`molecule-inbox replay: ${error.message}\n`);
    return 2;
  }
}

async function reportsOf(path: string, until: Until): Promise<RunReport[]> {
  const reports: RunReport[] = [];
  for (const source of await readSource(path)) reports.push(reportRun(path, await play(source, until)));
  return reports;
}

async function compare(
  paths: readonly string[],
  until: Until,
  write: (text: string) => void,
): Promise<number> {
  const [a = '', b = ''] = paths;
  if (paths.length !== 2) throw new SourceError('--diff takes two files');
  const [runsA, runsB] = [await reportsOf(a, until), await reportsOf(b, until)];
  if (runsA.length !== runsB.length)
    throw new SourceError(`${a} holds ${runsA.length} workspaces, ${b} ${runsB.length}`);
  let parted = false;
  for (const [index, runA] of runsA.entries()) {
    const runB = runsB[index];
    const difference = runB ? diffRuns(runA, runB) : null;
    parted ||= difference !== null;
    write(
      difference === null
        ? `${runA.title}: the same\n`
        : `${runA.title} parts from ${runB?.title} here:\n${difference.join('\n')}\n`,
    );
  }
  return parted ? 1 : 0;
}

async function print(report: RunReport, speed: number | null, write: (text: string) => void): Promise<void> {
  write(`${report.title}\n`);
  let before: number | null = null;
  for (const { at, text } of report.timeline) {
    const atMs = Date.parse(at);
    if (speed !== null && before !== null) await rest((atMs - before) / speed);
    before = atMs;
    write(`${text}\n`);
  }
  write(`${report.ending.join('\n')}\n`);
}

function rest(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function readArguments(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { until: { type: 'string' }, speed: { type: 'string' }, diff: { type: 'boolean' } },
      allowPositionals: true,
    });
    if (positionals.length === 0) throw new SourceError(`say which file\n\n${USAGE}`);
    const speed = values.speed === undefined ? null : Number(values.speed);
    if (speed !== null && !(speed > 0)) throw new SourceError('--speed takes a number above 0');
    return { paths: positionals, until: readUntil(values.until), speed, diff: values.diff === true };
  } catch (error) {
    if (error instanceof SourceError) throw error;
    throw new SourceError(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  }
}

function readUntil(text: string | undefined): Until {
  if (text === undefined) return {};
  if (/^\d+$/.test(text)) return { seq: Number(text) };
  const micros = toMicros(text);
  if (micros === null)
    throw new SourceError('--until takes the number of an event or a time such as 2026-05-01T12:00:00Z');
  return { atMs: micros / 1000 };
}
