import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startLocalPlatform } from '../src/local-platform/local-platform.ts';
import { draftOf } from './draft.ts';
import { ownProgram, type Program, startProgram, usageOf } from './program.ts';
import { median, type Row } from './row.ts';

const ROUNDS = 3;
const MESSAGES = 5_000;
const STARTS = 10;
/** Seldom enough that looking costs next to nothing. */
const LOOK_EVERY_MS = 20;

/** What watching costs: messages a second, and the start, with the inspector off, served, and read by somebody. */
export async function measureInspector(): Promise<readonly Row[]> {
  execFileSync(process.execPath, ['--input-type=module', '-e', BUILD, join(dirname(ownProgram()), 'pages')]);
  const flows = await inTurns(ROUNDS, MODES, measureFlow);
  const starts = await inTurns(STARTS, ['off', 'on'], measureStart);
  const off = { flow: middle(flows.get('off')), start: middle(starts.get('off')) };
  return [
    ...MODES.slice(1).map((mode) => {
      const { wallMs, cpuMs } = middle(flows.get(mode));
      const ratio = cpuMs / off.flow.cpuMs;
      const budget = BUDGETS[mode];
      return {
        what: `${MESSAGES.toLocaleString('en')} messages, ${WORDS[mode]}, median of ${ROUNDS}`,
        measured: `processor ${cpuMs.toFixed(0)} ms, ${perSecond(wallMs)}`,
        floor: `watched by nobody: processor ${off.flow.cpuMs.toFixed(0)} ms, ${perSecond(off.flow.wallMs)}`,
        ratio,
        budget: budget === undefined ? '' : `≤ ${budget} ×`,
        within: ratio <= (budget ?? Number.POSITIVE_INFINITY),
      };
    }),
    startRow(middle(starts.get('on')).wallMs, off.start.wallMs),
  ];
}

type Mode = 'off' | 'on' | 'attached' | 'recording';

const MODES: readonly Mode[] = ['off', 'on', 'attached', 'recording'];
const WORDS: Readonly<Record<Mode, string>> = {
  off: 'watched by nobody',
  on: 'inspector on, nobody looks',
  attached: 'inspector on, its frames read',
  recording: 'recorded with text',
};
/** Of the processor's time: what else the machine does takes part in the other. */
const BUDGETS: Readonly<Partial<Record<Mode, number>>> = { on: 1.2, attached: 1.5 };
const BUILD = `
  const { buildPages } = await import(process.cwd() + '/scripts/build-pages.mjs');
  await buildPages(process.argv[1]);
`;

interface Cost {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** The modes one after the other, so many times over: what else the machine does meets all of them. */
async function inTurns<Name extends Mode>(
  rounds: number,
  modes: readonly Name[],
  measure: (mode: Name) => Promise<Cost>,
): Promise<ReadonlyMap<Mode, readonly Cost[]>> {
  const costs = new Map<Mode, Cost[]>(modes.map((mode) => [mode, []]));
  for (let round = 0; round < rounds; round += 1)
    for (const mode of modes) costs.get(mode)?.push(await measure(mode));
  return costs;
}

/** From the moment at which a connected program hears that something was written until all of it waits in the inbox. */
async function measureFlow(mode: Mode): Promise<Cost> {
  const platform = await startLocalPlatform({ rateLimit: 1_000_000_000 });
  const member = platform.createWorkspace({ name: 'bench' });
  const program = await startProgram({ url: platform.url, members: [member] });
  await platform.requests.answered(1, 'GET /workspaces/:id/activity', 60_000);
  const reader = await watch(program, mode);
  for (let written = 1; written <= MESSAGES; written += 1)
    await platform.writeRow(member.id, draftOf(`row ${written}`), { quietly: written < MESSAGES });
  const [beganMs, before] = [performance.now(), usageOf(program.pid).cpuMs];
  while ((await program.call<{ readonly waiting: number }>('inbox_status')).waiting < MESSAGES)
    await pause(LOOK_EVERY_MS);
  const cost = { wallMs: performance.now() - beganMs, cpuMs: usageOf(program.pid).cpuMs - before };
  reader?.destroy();
  await program.stop();
  await platform.close();
  return cost;
}

/** Turns on what the mode says; resolves with the stream of frames that is read, if one is. */
async function watch(program: Program, mode: Mode): Promise<IncomingMessage | null> {
  if (mode === 'recording') await program.call('inbox_watch', { record: true, with_text: true });
  if (mode !== 'on' && mode !== 'attached') return null;
  const { inspector_url: url } = await program.call<{ readonly inspector_url: string }>('inbox_watch', {
    inspect: true,
    with_text: true,
  });
  if (mode === 'on') return null;
  const [response] = (await once(get(`${url}frames`), 'response')) as [IncomingMessage];
  return response.resume();
}

/** From spawn to the handshake. */
async function measureStart(mode: 'off' | 'on'): Promise<Cost> {
  const beganMs = performance.now();
  const env = mode === 'on' ? { MOLECULE_INSPECT: '1' } : {};
  const program = await startProgram({ url: NOWHERE, members: [MEMBER], env });
  const cost = { wallMs: performance.now() - beganMs, cpuMs: usageOf(program.pid).cpuMs };
  await program.stop();
  return cost;
}

function startRow(onMs: number, offMs: number): Row {
  return {
    what: `spawn → \`initialize\` reply, inspector on, median of ${STARTS}`,
    measured: `${onMs.toFixed(0)} ms`,
    floor: `inspector off: ${offMs.toFixed(0)} ms`,
    ratio: onMs / offMs,
    budget: '≤ 1.1 ×',
    within: onMs <= 1.1 * offMs,
  };
}

function middle(costs: readonly Cost[] = []): Cost {
  return {
    wallMs: median(costs.map(({ wallMs }) => wallMs)),
    cpuMs: median(costs.map(({ cpuMs }) => cpuMs)),
  };
}

function perSecond(wallMs: number): string {
  return `${((MESSAGES * 1000) / wallMs).toFixed(0)} a second`;
}

/** Nobody answers there: nothing of a start waits for the platform. */
const NOWHERE = 'http://127.0.0.1:9';
const MEMBER = { id: '7f3f1d3e-6f4b-4f0b-9d3f-0c6f5f1a2b3c', token: 'bench' };
