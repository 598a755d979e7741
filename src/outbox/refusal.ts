import { AgentError } from '../domain/ports/agent.ts';
import { isRecord } from '../domain/record.ts';
import { PlatformError } from '../domain/wire/platform-error.ts';
import { perhapsDone } from './fate.ts';

/**
 * A platform's refusal as one sentence that tells the agent what happened, in the server's own words (W-71), and what to
 * do (§15.5…§15.9). `doing` names the act: "The message to the user". Anything but a {@link PlatformError} comes back as it is.
 */
export function explainRefusal(error: unknown, doing: string): unknown {
  return error instanceof PlatformError ? explain(error, doing, readRefusal(error)) : error;
}

/** The same for what was only asked: nothing can have been carried out, so asking again is always safe. */
export function explainUnanswered(error: unknown, asking: string): unknown {
  if (!(error instanceof PlatformError)) return error;
  const reading = readRefusal(error);
  const askAgain = `Wait ${waitFor(error)} and ask again; inbox_status shows the connection.`;
  return explain(error, asking, reading.advice === LOOK_FIRST ? { ...reading, advice: askAgain } : reading);
}

function explain(error: PlatformError, doing: string, { what, advice }: Reading): AgentError {
  const status = error.status === 0 ? '' : ` (${error.status})`;
  const words =
    error.detail === '' || what.includes(error.detail) ? '' : ` The platform says: ${error.detail}`;
  return new AgentError(`${doing} failed${status}: ${what}.${words}`, advice, error);
}

/** The reason alone, for a list of failures. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof PlatformError)) return error instanceof Error ? error.message : 'unknown trouble';
  return error.detail === '' ? error.message : `${error.message}: ${error.detail}`;
}

interface Reading {
  readonly what: string;
  readonly advice: string;
}

function readRefusal(error: PlatformError): Reading {
  const known = KNOWN.find(({ status, says }) => status === error.status && says.test(error.detail));
  return known ?? byKind(error);
}

/** Refusals that say more than their status, told apart by the server's words. */
const KNOWN: readonly (Reading & { readonly status: number; readonly says: RegExp })[] = [
  {
    status: 402,
    says: /(?:)/,
    what: "the workspace's budget is used up",
    advice:
      'Tell the user that the budget limit has to be raised; the same call would be refused until then.',
  },
  {
    status: 403,
    says: /hierarchy|cannot communicate|access denied|not authorized to discover/i,
    what: 'this workspace and that peer may not talk to each other',
    advice: 'list_peers shows whom you can reach; only an operator can change who is related to whom.',
  },
  {
    status: 403,
    says: /talk_to_user_disabled/,
    what: 'writing to the user is switched off for this workspace',
    advice:
      'Do not repeat it: an operator has to switch the ability talk_to_user on. Finish the work without the user.',
  },
  {
    status: 403,
    says: /tool call failed|can_delegate/,
    what: 'this workspace is not allowed to delegate (can_delegate is off)',
    advice: 'Do the task yourself, or tell the user that an operator has to switch on can_delegate.',
  },
  {
    status: 403,
    says: /only root workspaces/,
    what: 'only a root workspace may write GLOBAL memories',
    advice: 'Use the scope TEAM or LOCAL.',
  },
  {
    status: 422,
    says: /(?:)/,
    what: 'the target is not set up to take this',
    advice: 'Repeating it is of no use; tell the user what the platform says.',
  },
  {
    status: 503,
    says: /memory plugin/i,
    what: 'this platform runs without a memory store',
    advice: 'Keep what matters in a file or in your answer; do not try again.',
  },
  {
    status: 503,
    says: /has no URL/i,
    what: 'the peer has no address at which the platform could reach it',
    advice: 'It is probably not running: choose another peer (list_peers), or tell the user.',
  },
  {
    status: 400,
    says: /^invalid JSON/i,
    what: 'the platform could not read it, which is what an older one says of more than 1 MiB too',
    advice: 'Send less at a time, or a file instead of a long text.',
  },
  {
    status: 400,
    says: /malformed multipart body/i,
    what: 'the platform could not take the files, which is what it says of a request above its limit too',
    advice: 'Send fewer or smaller files.',
  },
];

function byKind(error: PlatformError): Reading {
  switch (error.kind) {
    case 'unauthorised':
      return {
        what: "the platform does not accept this workspace's token",
        advice:
          'Tell the user: the token has to be renewed. inbox_status shows whether messages still arrive.',
      };
    case 'removed':
      return {
        what: 'the workspace was removed',
        advice: 'Tell the user; nothing can be sent through it any more.',
      };
    case 'not-found':
      return {
        what: 'the platform knows no such thing',
        advice: 'Check the id; list_peers shows whom you can reach.',
      };
    case 'no-such-route':
      return {
        what: 'this platform does not offer it, or something other than the platform answers there',
        advice: 'If other calls fail as well, tell the user to check PLATFORM_URL.',
      };
    case 'rate-limited':
      return { what: 'too many requests', advice: `Wait ${waitFor(error)} and try again.` };
    case 'too-large':
      return {
        what: `it is too large${limitOf(error)}`,
        advice: 'Send less at a time, or a file instead of a long text.',
      };
    case 'unavailable':
      return byAvailability(error);
    case 'timed-out':
      return { what: 'no reply came in time', advice: LOOK_FIRST };
    case 'aborted':
      return { what: 'it was cancelled', advice: 'Call again if it is still wanted.' };
    case 'redirected':
    case 'malformed':
      return {
        what: error.message,
        advice: 'Tell the user to check PLATFORM_URL: something else may answer there.',
      };
    case 'refused':
    case 'cursor-gone':
      return { what: 'it was refused', advice: 'The same call would be refused again: change it.' };
  }
}

function byAvailability(error: PlatformError): Reading {
  const body = isRecord(error.body) ? error.body : {};
  if (body.busy === true) {
    return {
      what: 'the peer is busy and its queue could not take more',
      advice: `Wait ${waitFor(error)} and try again.`,
    };
  }
  const what = error.status === 0 ? error.message : 'the platform or the peer has trouble';
  if (perhapsDone(error)) return { what, advice: LOOK_FIRST };
  if (error.status === 0) return { what, advice: 'Try again later; inbox_status shows the connection.' };
  return { what, advice: `Wait ${waitFor(error)} and try again.` };
}

function waitFor(error: PlatformError): string {
  const asked =
    isRecord(error.body) && typeof error.body.retry_after === 'number' ? error.body.retry_after : 0;
  const seconds = Math.ceil(Math.max(asked, (error.retryAfterMs ?? 0) / 1000));
  return seconds > 0 ? `${seconds} s` : 'a little';
}

function limitOf(error: PlatformError): string {
  const body = isRecord(error.body) ? error.body : {};
  const limit = [body.max, body.max_bytes].find((value) => typeof value === 'number');
  const name = typeof body.filename === 'string' ? `: ${JSON.stringify(body.filename.slice(0, 100))}` : '';
  return `${name}${limit === undefined ? '' : ` (the limit is ${limit} bytes)`}`;
}

const LOOK_FIRST = 'It may have been carried out: look before you repeat it.';
