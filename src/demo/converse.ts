import { fold } from '../domain/inbox/inbox-evolve.ts';
import type { InboxMessage } from '../domain/message.ts';
import type { LocalPlatform } from '../local-platform/local-platform.ts';
import type { DemoAgent } from './agent.ts';
import type { Arrivals } from './arrivals.ts';
import { writeAsPeer, writeAsUser } from './people.ts';
import { FILES_IN_ALL, type Line, SCRIPT } from './script.ts';
import type { Timeline } from './timeline.ts';
import type { LogWatch } from './watch-log.ts';

/** Everybody and everything that the conversation is played with. */
export interface Stage {
  readonly platform: LocalPlatform;
  readonly workspace: { readonly id: string };
  readonly peer: { readonly id: string; readonly token: string };
  readonly agent: DemoAgent;
  readonly timeline: Timeline;
  readonly log: LogWatch;
  readonly arrivals: Arrivals;
}

/** What a conversation came to; `faults` says what went otherwise than it should. */
export interface Outcome {
  readonly messages: number;
  readonly files: number;
  readonly answers: number;
  readonly faults: readonly string[];
}

/** Plays the script; each line is answered before the next is written. Rejects with the signal's reason. */
export async function converse(stage: Stage, signal: AbortSignal): Promise<Outcome> {
  const { agent, timeline, log, arrivals } = stage;
  const faults: string[] = [];
  let messages = 0;
  let files = 0;
  let answers = 0;

  /** The log, folded from outside, has to say what the live inbox says. */
  async function compare(inbox: readonly InboxMessage[]): Promise<void> {
    await log.catchUp();
    const live = inbox.map(({ activity_id }) => activity_id);
    const folded = [...fold(log.events).inbox.keys()];
    if (JSON.stringify(folded) !== JSON.stringify(live)) {
      faults.push(`the folded log holds [${folded}], the live inbox [${live}]`);
    }
  }

  for (const line of SCRIPT) {
    await write(line, stage);
    const activityId = await arrivals.next(signal);
    const inbox = await agent.peek();
    await compare(inbox);
    const message = inbox.find((waiting) => waiting.activity_id === activityId);
    if (message?.text !== line.text) {
      faults.push(`"${line.text}" did not arrive`);
      continue;
    }
    messages += 1;
    files += message.attachments?.filter(({ status }) => status === 'staged').length ?? 0;
    timeline.say('agent', `got it, ${message.attachments?.length ?? 0} file(s); answers`);
    const answer = await agent.answer(message);
    if (await hears(answer, line, stage)) answers += 1;
    else faults.push(`the ${line.who} has no answer to "${line.text}"`);
    timeline.say(line.who, `reads "${answer}"`);
  }
  await compare(await agent.peek());
  if (files < FILES_IN_ALL) faults.push(`${FILES_IN_ALL - files} file(s) did not arrive`);
  return { messages, files, answers, faults };
}

async function write({ who, text, files = [] }: Line, stage: Stage): Promise<void> {
  const { platform, workspace, peer, timeline } = stage;
  const names = files.map(({ name }) => name).join(' and ');
  timeline.say(who, `writes "${text}"${names && ` with ${names}`}`);
  if (who === 'peer') await writeAsPeer(platform, peer, workspace.id, text);
  else await writeAsUser(platform, workspace.id, text, files);
}

/** Whether the answer stands in the feed of whom it was for: the user reads the agent's `notify` rows, a peer its own inbox. */
async function hears(answer: string, { who }: Line, { platform, peer, workspace }: Stage): Promise<boolean> {
  await platform.settled();
  const quoted = JSON.stringify(answer).slice(1, -1);
  return platform
    .rows(who === 'peer' ? peer.id : workspace.id)
    .some((row) => JSON.stringify(row).includes(quoted));
}
