import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workspaceFolderName } from '../../adapters/state-directory/state-directory.ts';
import { startLocalPlatform } from '../local-platform/local-platform.ts';
import { startDemoAgent } from './agent.ts';
import { createArrivals } from './arrivals.ts';
import { converse, type Stage } from './converse.ts';
import { howToTalk } from './how-to-talk.ts';
import { FILES_IN_ALL, SCRIPT } from './script.ts';
import { createTimeline } from './timeline.ts';
import { watchLog } from './watch-log.ts';

/** How the demo is played. */
export interface DemoOptions {
  /** End after the conversation instead of serving on. */
  readonly once: boolean;
  readonly write: (text: string) => void;
  readonly colours: boolean;
}

/** Plays the conversation with real parts: platform, bridge in a process of its own, agent, people. Resolves with the exit code. */
export async function playDemo({ once, write, colours }: DemoOptions): Promise<number> {
  const over = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => over.abort(STOPPED));
  const platform = await startLocalPlatform();
  const stateFolder = await mkdtemp(join(tmpdir(), 'molecule-inbox-demo-'));
  const closing: (() => unknown)[] = [
    () => rm(stateFolder, { recursive: true, force: true }),
    () => platform.close(),
  ];
  try {
    const timeline = createTimeline(write, colours);
    timeline.say('demo', `local platform at ${platform.url}; the bridge's state in ${stateFolder}`);
    const workspace = platform.createWorkspace({ name: 'laptop-agent' });
    const peer = platform.createWorkspace({ name: 'reviewer' });
    const logFolder = join(
      stateFolder,
      'workspaces',
      workspaceFolderName({ id: workspace.id, platformUrl: platform.url }),
    );
    await mkdir(logFolder, { recursive: true, mode: 0o700 });
    const log = watchLog(join(logFolder, 'events.jsonl'), timeline.tell);
    closing.push(() => log.close());

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
      onGone: () => over.abort(new Error('the bridge has ended')),
    });
    closing.push(() => agent.close());
    timeline.say('agent', 'connected to the bridge over stdio');

    const stage: Stage = { platform, workspace, peer, agent, timeline, log, arrivals };
    const deadline = AbortSignal.any([over.signal, AbortSignal.timeout(CONVERSATION_MS)]);
    const { messages, files, answers, faults } = await converse(stage, deadline);
    for (const fault of faults) timeline.say('demo', fault);
    write(
      `\n${messages} of ${SCRIPT.length} messages · ${files} of ${FILES_IN_ALL} files · ${answers} answers\n`,
    );
    if (once) return faults.length === 0 ? 0 : 1;
    write(howToTalk(platform, workspace.id));
    return await serveOn(stage, over.signal);
  } catch (error) {
    if (error === STOPPED) return 0;
    write(`\nthe demo failed: ${error instanceof Error ? error.message : error}\n`);
    return 1;
  } finally {
    for (const close of closing.reverse()) await close();
  }
}

/** Answers whatever comes until the signal fires. */
async function serveOn({ agent, arrivals, timeline }: Stage, signal: AbortSignal): Promise<never> {
  while (true) {
    const activityId = await arrivals.next(signal);
    const message = (await agent.peek()).find((waiting) => waiting.activity_id === activityId);
    if (message) timeline.say('agent', `answers "${await agent.answer(message)}"`);
  }
}

/** Why a demo ends that a person stopped. */
const STOPPED = new Error('stopped');
/** A conversation takes seconds; one that hangs is a fault to be seen. */
const CONVERSATION_MS = 60_000;
