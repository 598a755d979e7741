import { once as nextEvent } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workspaceFolderName } from '../../adapters/state-directory/state-directory.ts';
import { fold } from '../domain/inbox-evolve.ts';
import { type LocalPlatform, startLocalPlatform } from '../local-platform/local-platform.ts';
import { type DemoAgent, startDemoAgent } from './agent.ts';
import { howToTalk } from './how-to-talk.ts';
import { type DroppedFile, writeAsPeer, writeAsUser } from './people.ts';
import { createTimeline, type Timeline } from './timeline.ts';
import { type LogWatch, watchLog } from './watch-log.ts';

/** How the demo is played. */
export interface DemoOptions {
  /** End after the conversation instead of serving on. */
  readonly once: boolean;
  readonly write: (text: string) => void;
  readonly colours: boolean;
}

/** Plays the conversation with real parts: platform, bridge in a process of its own, agent, people. Resolves with the exit code. */
export async function playDemo({ once, write, colours }: DemoOptions): Promise<number> {
  const stateFolder = await mkdtemp(join(tmpdir(), 'molecule-inbox-demo-'));
  const timeline = createTimeline(write, colours);
  const platform = await startLocalPlatform();
  const workspace = platform.createWorkspace({ name: 'laptop-agent' });
  const peer = platform.createWorkspace({ name: 'reviewer' });
  const logFolder = join(
    stateFolder,
    'workspaces',
    workspaceFolderName({ id: workspace.id, platformUrl: platform.url }),
  );
  await mkdir(logFolder, { recursive: true, mode: 0o700 });
  const log = watchLog(join(logFolder, 'events.jsonl'), timeline.tell);
  timeline.say('demo', `local platform at ${platform.url}; the bridge's state in ${stateFolder}`);

  const arrivals = createArrivals();
  const agent = await startDemoAgent({
    command: process.execPath,
    // The very program that plays this.
    args: [process.argv[1] ?? ''],
    env: {
      PATH: process.env.PATH ?? '',
      HOME: stateFolder,
      CONFIGS_DIR: stateFolder,
      PLATFORM_URL: platform.url,
      WORKSPACE_ID: workspace.id,
      MOLECULE_WORKSPACE_TOKEN: workspace.token,
      MOLECULE_AGENT_NAME: 'laptop-agent',
    },
    onPush: arrivals.add,
    onStderr: (line) => timeline.say('bridge', line),
  });
  timeline.say('agent', 'connected to the bridge over stdio');

  try {
    const result = await converse({ platform, workspace, peer, agent, timeline, log, arrivals });
    write(
      `\n${result.messages} of ${SCRIPT.length} messages · ${result.files} of ${FILES_IN_ALL} files · ${result.answers} answers\n`,
    );
    if (once) return result.complete ? 0 : 1;
    write(howToTalk(platform, workspace.id));
    await serveOn(agent, arrivals, timeline);
    return 0;
  } finally {
    await agent.close();
    log.close();
    await platform.close();
    await rm(stateFolder, { recursive: true, force: true });
  }
}

/** One line of the script: who writes what, with which files. */
interface Line {
  readonly who: 'user' | 'peer';
  readonly text: string;
  readonly files?: readonly DroppedFile[];
}

const text = new TextEncoder();
const SCRIPT: readonly Line[] = [
  { who: 'user', text: 'Good morning, are you there?' },
  {
    who: 'user',
    text: 'Here are the minutes and the figures. What do they begin with?',
    files: [
      { name: 'minutes.md', type: 'text/markdown', bytes: text.encode('# Minutes of Monday\n\n- ship it\n') },
      {
        name: 'figures 2026.csv',
        type: 'text/csv',
        bytes: text.encode('month,sales\nOctober,42\n'.repeat(2000)),
      },
    ],
  },
  { who: 'peer', text: 'Which version do you run on your laptop?' },
  {
    who: 'user',
    text: 'One more picture.',
    files: [{ name: 'pixel.svg', type: 'image/svg+xml', bytes: text.encode('<svg width="1" height="1"/>') }],
  },
];
const FILES_IN_ALL = SCRIPT.reduce((sum, { files = [] }) => sum + files.length, 0);

interface Stage {
  readonly platform: LocalPlatform;
  readonly workspace: { readonly id: string };
  readonly peer: { readonly id: string; readonly token: string };
  readonly agent: DemoAgent;
  readonly timeline: Timeline;
  readonly log: LogWatch;
  readonly arrivals: Arrivals;
}

/** Plays the script; each line is answered before the next is written. */
async function converse(stage: Stage) {
  const { platform, workspace, peer, agent, timeline, log, arrivals } = stage;
  const result = { messages: 0, files: 0, answers: 0, complete: true };
  for (const line of SCRIPT) {
    const files = (line.files ?? []).map(({ name }) => name);
    timeline.say(line.who, `writes "${line.text}"${files.length > 0 ? ` with ${files.join(' and ')}` : ''}`);
    if (line.who === 'peer') await writeAsPeer(platform, peer, workspace.id, line.text);
    else await writeAsUser(platform, workspace.id, line.text, line.files);

    const activityId = await arrivals.next();
    const inbox = await agent.peek();
    const message = inbox.find((waiting) => waiting.activity_id === activityId);
    if (message?.text === line.text) result.messages += 1;
    result.files += message?.attachments?.filter(({ status }) => status === 'staged').length ?? 0;
    result.complete &&= agrees(
      log,
      inbox.map((waiting) => waiting.activity_id),
    );
    if (!message) continue;
    timeline.say('agent', `got it, ${message.attachments?.length ?? 0} file(s); answers`);
    const answer = await agent.answer(message);
    const heard = await hears(platform, line.who === 'peer' ? peer.id : workspace.id, answer);
    if (heard) result.answers += 1;
    timeline.say(line.who, heard ? `reads "${answer}"` : 'has no answer');
  }
  const complete =
    result.messages === SCRIPT.length && result.files === FILES_IN_ALL && result.answers === SCRIPT.length;
  const left = await agent.peek();
  return { ...result, complete: result.complete && complete && left.length === 0 && agrees(log, []) };
}

/** Whether the log, folded from outside, holds exactly these messages in the inbox. */
function agrees(log: LogWatch, activityIds: readonly string[]): boolean {
  const folded = [...fold(log.events).inbox.keys()];
  return JSON.stringify(folded) === JSON.stringify(activityIds);
}

/** Whether the answer stands in the feed of whom it was for: the user reads the agent's `notify` rows, a peer its own inbox. */
async function hears(platform: LocalPlatform, workspaceId: string, answer: string): Promise<boolean> {
  await platform.settled();
  return platform
    .rows(workspaceId)
    .some((row) => JSON.stringify(row).includes(JSON.stringify(answer).slice(1, -1)));
}

/** Answers whatever comes until Ctrl-C. */
async function serveOn(agent: DemoAgent, arrivals: Arrivals, timeline: Timeline): Promise<void> {
  const ended = Promise.race([nextEvent(process, 'SIGINT'), nextEvent(process, 'SIGTERM')]).then(() => null);
  while (true) {
    const activityId = await Promise.race([ended, arrivals.next()]);
    if (activityId === null) return;
    const message = (await agent.peek()).find((waiting) => waiting.activity_id === activityId);
    if (!message) continue;
    timeline.say('agent', `answers "${await agent.answer(message)}"`);
  }
}

/** The pushes in their order, each handed out once. */
interface Arrivals {
  readonly add: (activityId: string) => void;
  next(): Promise<string>;
}

function createArrivals(): Arrivals {
  const arrived: string[] = [];
  const waiting: ((activityId: string) => void)[] = [];
  return {
    add(activityId) {
      const take = waiting.shift();
      if (take) take(activityId);
      else arrived.push(activityId);
    },
    next() {
      const activityId = arrived.shift();
      if (activityId !== undefined) return Promise.resolve(activityId);
      return new Promise((resolve) => waiting.push(resolve));
    },
  };
}
