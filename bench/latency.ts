import { setTimeout as pause } from 'node:timers/promises';
import { type LocalPlatform, startLocalPlatform } from '../src/local-platform/local-platform.ts';
import { startBare } from './bare.ts';
import { draftOf } from './draft.ts';
import { type Contender, OWN, peersOf } from './peers.ts';
import { type Member, type Program, startProgram } from './program.ts';
import { median, quantile, type Row } from './row.ts';

const MESSAGES = 200;

/** From a row's arrival on the platform to its push on the host's pipe, at random moments; and what bare node needs for it. */
export async function measureWakeUps(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const contender of [OWN, ...peersOf()]) {
    const { took, bare, lost } = await measure(contender, 'normal');
    const [p50, p99] = [median(took), quantile(took, 0.99)];
    const [bare50, bare99] = [median(bare), quantile(bare, 0.99)];
    rows.push({
      what: `${contender.name}arrival → push with wake-ups, ${MESSAGES} messages`,
      measured: `p50 ${ms(p50)}, p99 ${ms(p99)}, max ${ms(Math.max(...took))}, ${lost} lost`,
      floor: `bare node, event → poll → fdatasync → line: p50 ${ms(bare50)}, p99 ${ms(bare99)}`,
      ratio: p50 / bare50,
      budget: contender === OWN ? 'p50 ≤ 15 ms, p99 ≤ 100 ms' : '',
      within: lost === 0 && p50 <= 15 && p99 <= 100,
    });
  }
  return rows;
}

/** The same without an event stream: one that the server has not, one that was cut for good, one that says nothing. */
export async function measureWithoutStream(): Promise<readonly Row[]> {
  return [
    await measureWithout('absent', 'the stream (404)'),
    await measureWithout('cut', 'the stream (cut)'),
    await measureWithout('silent', 'a word from the stream'),
  ];
}

async function measureWithout(stream: Stream, named: string): Promise<Row> {
  const { took, lost } = await measure(OWN, stream);
  const [p50, max] = [median(took), Math.max(...took)];
  return {
    what: `arrival → push without ${named}, ${MESSAGES} messages`,
    measured: `p50 ${seconds(p50)}, max ${seconds(max)}, ${lost} lost`,
    floor: 'half a poll’s rest: 2.50 s',
    ratio: p50 / 2_500,
    budget: 'p50 ≤ 3 s, max ≤ 5.5 s',
    within: lost === 0 && p50 <= 3_000 && max <= 5_500,
  };
}

type Stream = 'normal' | 'absent' | 'cut' | 'silent';

/** Milliseconds from each message's writing; bare node is given messages of its own between them. */
async function measure({ command }: Contender, stream: Stream) {
  const platform = await startLocalPlatform({ rateLimit: 1_000_000_000 });
  platform.faults.stream.mode = stream === 'cut' ? 'normal' : stream;
  const [member, bareMember] = ['bench', 'bare'].map((name) => platform.createWorkspace({ name }));
  if (!member || !bareMember) throw new Error('there are two');
  const program = await startProgram({ url: platform.url, members: [member], command });
  const ours = expectations();
  program.onPush = (content, { activity_id: id }) => {
    ours.came(content);
    if (id) program.call('inbox_pop', { activity_id: id }).catch(() => {});
  };
  const bares = expectations();
  const bare =
    stream === 'normal'
      ? await startBare('bare-client', [platform.url, bareMember.id, bareMember.token])
      : null;
  if (bare) bare.onLine = bares.came;

  await ready(platform, member, program, ours);
  if (stream === 'cut') {
    platform.faults.stream.mode = 'absent';
    platform.faults.stream.cut();
  }
  if (bare) await sayTo(platform, bareMember, bares);
  await pause(1_000);
  ours.took.length = 0;
  bares.took.length = 0;
  for (let message = 0; message < MESSAGES; message += 1) {
    await sayTo(platform, member, ours);
    await pause(100 + Math.random() * 200);
    if (!bare) continue;
    await sayTo(platform, bareMember, bares);
    await pause(50 + Math.random() * 50);
  }
  const giveUpAt = performance.now() + 30_000;
  while (ours.open() > 0 && performance.now() < giveUpAt) await pause(50);
  await bare?.stop();
  await program.stop();
  await platform.close();
  return { took: ours.took, bare: bares.took, lost: ours.open() };
}

/** A first message has come all the way, so that all is loaded and open. */
async function ready(
  platform: LocalPlatform,
  member: Member,
  program: Program,
  expected: Expectations,
): Promise<void> {
  await platform.requests.answered(1, 'GET /workspaces/:id/activity', 60_000);
  await sayTo(platform, member, expected);
  const giveUpAt = performance.now() + 60_000;
  while (expected.open() > 0) {
    if (performance.now() > giveUpAt) throw new Error(`process ${program.pid} pushes no messages`);
    await pause(50);
  }
}

let said = 0;

async function sayTo(platform: LocalPlatform, { id }: Member, expected: Expectations): Promise<void> {
  said += 1;
  const text = `message number ${said}.`;
  expected.expect(text);
  await platform.writeRow(id, draftOf(text));
}

/** Messages that are on their way, by their texts. */
interface Expectations {
  /** How long those took that have come, milliseconds. */
  readonly took: number[];
  expect(text: string): void;
  came(content: string): void;
  open(): number;
}

/** None at first. */
export function expectations(): Expectations {
  const sentAt = new Map<string, number>();
  const took: number[] = [];
  return {
    took,
    expect: (text) => sentAt.set(text, performance.now()),
    came(content) {
      for (const [text, atMs] of sentAt) {
        if (!content.includes(text)) continue;
        took.push(performance.now() - atMs);
        sentAt.delete(text);
      }
    },
    open: () => sentAt.size,
  };
}

const ms = (value: number) => `${value.toFixed(1)} ms`;
const seconds = (value: number) => `${(value / 1000).toFixed(2)} s`;
