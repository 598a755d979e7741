import type { InboxMessage } from '../../src/domain/message.ts';
import type { Peek } from '../../src/domain/ports/agent.ts';
import type { LocalPlatform } from '../../src/local-platform/local-platform.ts';
import { type BridgeProcess, type Push, startBridgeProcess } from '../support/bridge-process.ts';
import { sayAsUser, type TestWorkspace } from '../support/local-platform.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { until } from '../support/until.ts';

/** What a run of kills came to. */
export interface CrashCount {
  readonly kills: number;
  readonly said: number;
  readonly popped: number;
  /** Said, and never seen by the agent. */
  readonly lost: number;
  /** Seen or pushed again after `inbox_pop` had answered `removed`, or seen twice in one inbox. */
  readonly returned: number;
  /** Messages whose file was not on disk, byte for byte, when they were popped. */
  readonly filesMissing: number;
  /** Messages that were not in the order in which they were said. */
  readonly disorder: number;
}

/** What to run. */
export interface CrashRun {
  readonly platform: LocalPlatform;
  readonly workspace: TestWorkspace;
  readonly kills: number;
  readonly seed: number;
  readonly stateFolder: string;
  readonly program?: string;
  /** A bridge is killed at a random moment up to this long after its start, milliseconds. */
  readonly withinMs?: number;
}

/**
 * Kills the bridge with -9 at random moments, while people write, some with files, and the agent pops. Each bridge goes on
 * with what the last one left, every other one compacting its log after each pop; the last of all may finish.
 */
export async function killRepeatedly(run: CrashRun): Promise<CrashCount> {
  const { platform, workspace, kills, stateFolder, withinMs = 700 } = run;
  const random = seededRandom(run.seed);
  const ledger = createTally();
  const start = (kill: number) =>
    startBridgeProcess(platform, {
      workspaces: [workspace],
      stateFolder,
      env: {
        MOLECULE_POLL_SECS: '0.05',
        MOLECULE_SAFETY_POLL_SECS: '0.05',
        MOLECULE_CURSOR_LAG_SECS: '1',
        MOLECULE_KEEP_POPPED_HOURS: kill % 2 === 0 ? '24' : '0',
      },
      ...(run.program ? { program: run.program } : {}),
    });

  for (let kill = 0; kill < kills; kill += 1) {
    const over = new AbortController();
    const people = talk(over.signal);
    const pushedAgain = ledger.forbidPushes();
    const bridge = await start(kill);
    const agent = work(bridge, over.signal);
    await after(random() * withinMs);
    await bridge.kill();
    over.abort();
    await Promise.all([people, agent]);
    pushedAgain(bridge.pushes);
  }

  const last = await start(kills);
  await until(
    async () => {
      await popSome(last, Number.POSITIVE_INFINITY);
      return ledger.unseen().length === 0 && (await peekAll(last)).length === 0;
    },
    'everything seen and popped',
    LAST_MAY_TAKE_MS,
  ).catch((error: unknown) => console.error(String(error)));
  await last.close();
  return { kills, ...ledger.count() };

  async function talk(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const number = ledger.nextNumber();
      const text = `message ${number}`;
      const files = random() < 0.2 ? [{ name: `${number}.txt`, bytes: `file of ${text}`.repeat(2_000) }] : [];
      await sayAsUser(platform, workspace, text, files);
      ledger.said(text, files[0]?.bytes ?? null);
      await after(random() * 120);
    }
  }

  /** Until the bridge is killed under it. */
  async function work(bridge: BridgeProcess, signal: AbortSignal): Promise<void> {
    try {
      while (!signal.aborted) {
        await popSome(bridge, Math.floor(random() * 20));
        await after(random() * 80);
      }
    } catch (error) {
      if (!signal.aborted && bridge.client.transport !== undefined) throw error;
    }
  }

  async function popSome(bridge: BridgeProcess, most: number): Promise<void> {
    const messages = await peekAll(bridge);
    ledger.saw(messages);
    const popping = messages.slice(0, most).map(async (message) => {
      ledger.popping(message);
      if (await bridge.pop(message.activity_id)) ledger.popped(message);
    });
    await Promise.all(popping);
  }
}

async function peekAll(bridge: BridgeProcess): Promise<InboxMessage[]> {
  const messages: InboxMessage[] = [];
  for (;;) {
    const page = await bridge.call<Peek>('inbox_peek', { limit: 500, offset: messages.length });
    messages.push(...page.messages);
    if (!page.has_more || page.messages.length === 0) return messages;
  }
}

/** Keeps account of what was said, seen and popped. */
function createTally() {
  const said = new Map<string, string | Uint8Array | null>();
  const seen = new Set<string>();
  const popped = new Set<string>();
  let [returned, filesMissing, disorder, number] = [0, 0, 0, 0];

  const numberOf = ({ text }: InboxMessage) => Number(text.split(' ')[1]);
  return {
    nextNumber: () => ++number,
    said: (text: string, file: string | Uint8Array | null) => void said.set(text, file),
    unseen: () => [...said.keys()].filter((text) => !seen.has(text)),
    saw(messages: readonly InboxMessage[]) {
      messages.forEach((message, index) => {
        const before = messages[index - 1];
        if (popped.has(message.activity_id)) returned += 1;
        if (messages.findIndex(({ text }) => text === message.text) !== index) returned += 1;
        if (before && numberOf(before) > numberOf(message)) disorder += 1;
        seen.add(message.text);
      });
    },
    popping(message: InboxMessage) {
      const bytes = said.get(message.text);
      const file = message.attachments?.[0];
      if (bytes && file?.status !== 'staged') filesMissing += 1;
    },
    popped: (message: InboxMessage) => void popped.add(message.activity_id),
    /** Remembers what is popped by now: the result counts the pushes of it. */
    forbidPushes() {
      const before = new Set(popped);
      return (pushes: readonly Push[]) => {
        returned += pushes.filter(({ meta }) => before.has(meta.activity_id ?? '')).length;
      };
    },
    count: () => ({
      said: said.size,
      popped: popped.size,
      lost: [...said.keys()].filter((text) => !seen.has(text)).length,
      returned,
      filesMissing,
      disorder,
    }),
  };
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

/** The last bridge has all to bring that the killed ones did not come to. */
const LAST_MAY_TAKE_MS = 120_000;
