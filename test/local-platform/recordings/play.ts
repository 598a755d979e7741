import { createHash } from 'node:crypto';
import type { LocalPlatform } from '../../../src/local-platform/local-platform.ts';
import { type Bindings, createBindings } from './bindings.ts';
import { compareJson, isObject, mapsLikeId, numberName } from './compare.ts';
import type { Exchange, RecordedFile } from './exchange.ts';
import { compareText, reword } from './wording.ts';

/** What a scripted step may use. */
export interface Stage {
  readonly platform: LocalPlatform;
  readonly bindings: Bindings;
  /** Our id of a recorded workspace, row or file. */
  id(recorded: string): string;
}

/** Where our platform answers otherwise on purpose: why, and what it answers. */
export interface Deviation {
  readonly reason: string;
  /** The reply expected instead; without one the exchange is left out. */
  readonly instead?: { readonly status: number; readonly json: unknown };
}

/** What belongs to a run besides its exchanges. Keys are `n`. */
export interface Script {
  /** Recorded rows, to find ids that no reply has shown yet. */
  readonly rows: readonly Record<string, unknown>[];
  /** Done before an exchange: what was done by SQL, or a stream that is opened. */
  readonly before?: Readonly<Record<number, (stage: Stage) => void | Promise<void>>>;
  readonly deviations?: Readonly<Record<number, Deviation>>;
}

/** How one exchange went: no differences means that it agrees. */
export interface Outcome {
  readonly exchange: Exchange;
  readonly differences: readonly string[];
  readonly deviation?: Deviation;
}

/**
 * Plays a run against a platform and compares every reply with the recorded one.
 *
 * @param bindings filled with what the recorded values are called here.
 */
export async function playRun(
  platform: LocalPlatform,
  run: readonly Exchange[],
  script: Script,
  bindings: Bindings = createBindings(),
): Promise<Outcome[]> {
  const uploaded = new Map<string, RecordedFile>();
  const stage: Stage = {
    platform,
    bindings,
    id: (recorded) => {
      const ours = bindings.ours(recorded) ?? lookUpRow(recorded);
      if (ours === undefined) throw new Error(`nothing stands for ${recorded} yet`);
      return ours;
    },
  };
  const outcomes: Outcome[] = [];
  for (const exchange of run) {
    const n = exchange.n ?? Number.NaN;
    await platform.settled();
    await script.before?.[n]?.(stage);
    const deviation = script.deviations?.[n];
    if (deviation !== undefined && deviation.instead === undefined) {
      outcomes.push({ exchange, differences: [], deviation });
      continue;
    }
    const differences = await playOne(exchange, deviation?.instead);
    outcomes.push({ exchange, differences, ...(deviation !== undefined && { deviation }) });
  }
  return outcomes;

  async function playOne(exchange: Exchange, instead: Deviation['instead']): Promise<string[]> {
    const response = await send(exchange);
    const bytes = new Uint8Array(await response.arrayBuffer());
    const expected = instead ?? exchange.response;
    if (response.status !== expected.status) {
      return [
        `expected status ${expected.status}, got ${response.status}: ${Buffer.from(bytes).toString('utf8')}`,
      ];
    }
    const differences = instead === undefined ? compareHeaders(exchange, response) : [];
    if (expected.json === undefined) return [...differences, ...compareBytes(exchange, bytes)];
    const actual: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
    differences.push(...compareReply(exchange, expected.json, actual));
    if (differences.length === 0) rememberUploads(exchange, actual);
    return differences;
  }

  function send({ as, request }: Exchange): Promise<Response> {
    const say = (text: string) => reword(text, bindings, platform.url, lookUpRow);
    const headers = new Headers();
    if (as === 'admin-token') headers.set('authorization', `Bearer ${platform.adminToken}`);
    else if (as === 'invalid') headers.set('authorization', 'Bearer of-no-workspace');
    else if (as !== 'nobody') headers.set('authorization', `Bearer ${say(`<${as}>`)}`);
    for (const [name, value] of Object.entries(request.headers ?? {})) headers.set(name, say(value));

    const init: RequestInit = { method: request.method, headers, redirect: 'manual' };
    if (request.json !== undefined) init.body = JSON.stringify(rewordJson(request.json, say));
    if (request.text !== undefined) init.body = request.text;
    if (request.form !== undefined) init.body = formOf(request.form);
    const [path = '', query] = request.path.split('?');
    const parameters = new URLSearchParams(query);
    for (const [name, value] of [...parameters]) parameters.set(name, say(value));
    return fetch(`${platform.url}${say(path)}${query === undefined ? '' : `?${parameters}`}`, init);
  }

  function rewordJson(value: unknown, say: (text: string) => string): unknown {
    if (typeof value === 'string') return say(value);
    if (Array.isArray(value)) return value.map((entry) => rewordJson(entry, say));
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, field]) => {
        const number = mapsLikeId(key) ? bindings.ours(numberName(field)) : undefined;
        return [key, number === undefined ? rewordJson(field, say) : Number(number.replace('number ', ''))];
      }),
    );
  }

  /** A row id that no reply has shown yet: the first row of ours that says the same. */
  function lookUpRow(recordedId: string): string | undefined {
    const recorded = script.rows.find((row) => row.id === recordedId);
    const workspaceId = bindings.ours(String(recorded?.workspace_id));
    if (recorded === undefined || workspaceId === undefined) return undefined;
    const found = platform.rows(workspaceId).find((row) => {
      return compareJson(recorded, row, bindings.fork(), platform.url).length === 0;
    });
    if (found === undefined) return undefined;
    bindings.bind(recordedId, String(found.id));
    return String(found.id);
  }

  function compareReply(exchange: Exchange, recorded: unknown, actual: unknown): string[] {
    const { path } = exchange.request;
    const isList = path === '/workspaces' || path.split('?')[0]?.endsWith('/peers') === true;
    if (!isList || !Array.isArray(recorded) || !Array.isArray(actual)) {
      return compareJson(recorded, actual, bindings, platform.url);
    }
    // Lists of workspaces are in no order: ours is brought into the recorded one by the ids that the run knows.
    const byId = new Map(actual.filter(isObject).map((entry) => [entry.id, entry]));
    const unknown = actual.filter((entry) => !bindings.isOurs(String(entry.id)));
    const sorted = recorded.map((entry) => byId.get(bindings.ours(String(entry.id))) ?? unknown.shift());
    if (recorded.length !== actual.length) return compareJson(recorded, actual, bindings, platform.url);
    return compareJson(recorded, sorted, bindings, platform.url);
  }

  function compareHeaders({ response: recorded }: Exchange, response: Response): string[] {
    return ['content-type', 'content-disposition', 'x-ratelimit-limit']
      .filter((name) => (recorded.headers[name] ?? null) !== response.headers.get(name))
      .map((name) => `${name}: expected ${recorded.headers[name]}, got ${response.headers.get(name)}`);
  }

  /** Texts are compared as texts; the content of a file with the bytes that were uploaded under its id. */
  function compareBytes(exchange: Exchange, bytes: Uint8Array): string[] {
    const content = /\/pending-uploads\/([^/]+)\/content$/.exec(exchange.request.path);
    if (content === null) {
      const text = Buffer.from(bytes).toString('utf8');
      return compareText(exchange.response.text ?? '', text, bindings, platform.url);
    }
    const sent = uploaded.get(stage.id(content[1] ?? ''));
    return sent !== undefined && bytesOf(sent).equals(bytes) ? [] : ['other bytes than were uploaded'];
  }

  function rememberUploads(exchange: Exchange, actual: unknown): void {
    if (exchange.request.form === undefined || !isObject(actual) || !Array.isArray(actual.files)) return;
    for (const [index, file] of actual.files.entries()) {
      const recorded = exchange.request.form[index];
      const id = String(file.uri).split('/').at(-1);
      if (recorded !== undefined && id !== undefined) uploaded.set(id, recorded);
    }
  }
}

function formOf(files: readonly RecordedFile[]): FormData {
  const form = new FormData();
  for (const file of files)
    form.append(file.field, new Blob([bytesOf(file)], { type: file.type }), file.filename);
  return form;
}

/** Some bytes of the recorded size, other ones for another file; what they say does not matter to the server. */
function bytesOf(file: RecordedFile): Buffer<ArrayBuffer> {
  return Buffer.alloc(file.bytes, createHash('sha256').update(file.sha256).digest());
}
