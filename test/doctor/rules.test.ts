import { describe, expect, it } from 'vitest';
import { exitCodeOf } from '../../src/doctor/exit-code.ts';
import { failed, ok, skipped, warning } from '../../src/doctor/finding.ts';
import { hideSecrets } from '../../src/doctor/hide-secrets.ts';
import type { LogFacts } from '../../src/doctor/probes/log.ts';
import { judgeAttention } from '../../src/doctor/rules/attention.ts';
import { judgeClock } from '../../src/doctor/rules/clock.ts';
import { judgeEncryption } from '../../src/doctor/rules/encryption.ts';
import { judgeFeatures } from '../../src/doctor/rules/features.ts';
import { judgeFeed } from '../../src/doctor/rules/feed.ts';
import { judgeFiles } from '../../src/doctor/rules/files.ts';
import { judgePresence } from '../../src/doctor/rules/presence.ts';
import { judgeStateDirectory } from '../../src/doctor/rules/state-directory.ts';
import { judgeTrouble } from '../../src/doctor/rules/trouble.ts';
import { judgeWindows } from '../../src/doctor/rules/windows.ts';
import { showFindings } from '../../src/doctor/show.ts';
import type { StoredEvent } from '../../src/domain/events.ts';
import type { Command } from '../../src/domain/inbox/inbox-decide.ts';
import { decide } from '../../src/domain/inbox/inbox-decide.ts';
import { evolve } from '../../src/domain/inbox/inbox-evolve.ts';
import { initialState } from '../../src/domain/inbox/inbox-state.ts';
import { stateFromJson, stateToJson } from '../../src/domain/inbox/state-json.ts';
import { classifyRow } from '../../src/domain/wire/classify.ts';
import { PlatformError } from '../../src/domain/wire/platform-error.ts';
import { terminalOf } from '../../src/terminal.ts';
import { chatRow, idOf, OWN } from '../support/rows.ts';

const MINUTE_MS = 60_000;
const NOW_MS = Date.UTC(2026, 4, 5, 12);

/** A log in which these commands were carried out, each at its minute before now. */
function logOf(...commands: readonly (readonly [minutesAgo: number, command: Command])[]): LogFacts {
  let state = initialState();
  const events: StoredEvent[] = [];
  for (const [minutesAgo, command] of commands) {
    const at = new Date(NOW_MS - minutesAgo * MINUTE_MS).toISOString();
    for (const event of decide(command, state)) {
      const stored: StoredEvent = { v: 1, seq: state.seq + 1, at, ...event };
      state = evolve(state, stored);
      events.push(stored);
    }
  }
  return { kind: 'kept', state, events };
}

/** The same once its events were folded into its first line. */
function compacted(log: LogFacts): LogFacts {
  if (log.kind !== 'kept') return log;
  const state = stateFromJson(JSON.parse(JSON.stringify(stateToJson(log.state))));
  if (!state) throw new Error('no state');
  return { kind: 'kept', state, events: [] };
}

const arrive = (number: number): Command => ({
  type: 'takeRows',
  opened: null,
  rows: [classifyRow(chatRow(number, 'hi'), OWN)],
  advanced: null,
});
const release = (number: number): Command => ({
  type: 'releaseMessage',
  activityId: idOf(number),
  outcomes: [],
});
const offer = (...numbers: readonly number[]): Command => ({
  type: 'noteOffers',
  activityIds: numbers.map((number) => idOf(number)),
});
const pop = (number: number): Command => ({ type: 'popMessage', activityId: idOf(number), by: 'pop' });
const session: Command = { type: 'recordFact', fact: { type: 'session.opened', data: { session: 1 } } };

describe('exitCodeOf', () => {
  const warned = warning('a', 'b', 'c');
  it.each([
    [0, [ok('a', 'b'), skipped('c', 'd')]],
    [1, [ok('a', 'b'), warned]],
    [2, [failed('a', 'auth', '', ''), failed('a', 'configuration', '', ''), warned]],
    [3, [failed('a', 'unreachable', '', ''), failed('a', 'auth', '', '')]],
    [4, [warned, failed('a', 'unreachable', '', '')]],
  ])('%i', (code, findings) => expect(exitCodeOf(findings)).toBe(code));
});

describe('judgeAttention', () => {
  const waiting = [
    [40, session],
    [40, arrive(1)],
    [40, release(1)],
    [40, arrive(2)],
    [40, release(2)],
  ] as const;

  it('does not speak of deafness while messages were offered a moment ago, or one was taken since', () => {
    expect(judgeAttention(logOf(...waiting, [9, offer(1, 2)]), null, NOW_MS)).toMatchObject({ status: 'ok' });
    expect(judgeAttention(logOf(...waiting, [40, offer(1, 2)], [5, pop(1)]), null, NOW_MS)).toMatchObject({
      status: 'ok',
      says: '1 message waits, 1 of them offered to the host',
    });
    const readAt = new Date(NOW_MS - 5 * MINUTE_MS).toISOString();
    expect(judgeAttention(logOf(...waiting, [40, offer(1, 2)]), readAt, NOW_MS)).toMatchObject({
      status: 'ok',
    });
    expect(judgeAttention(logOf(...waiting), null, NOW_MS).says).toBe(
      '2 messages wait, 0 of them offered to the host',
    );
    expect(judgeAttention(logOf([40, session]), null, NOW_MS).says).toBe('nothing waits');
  });

  it('counts from the last message that was taken, else from the first that was offered', () => {
    expect(judgeAttention(logOf(...waiting, [40, offer(1, 2)]), null, NOW_MS).says).toBe(
      '2 offered, none taken in 40 minutes',
    );
    expect(judgeAttention(logOf(...waiting, [40, offer(1, 2)], [30, pop(1)]), null, NOW_MS).says).toBe(
      '1 offered, none taken in 30 minutes',
    );
  });

  it('a compaction forgets neither when it was offered nor when something was taken', () => {
    const offered = [...waiting, [4000, offer(1, 2)]] as const;
    expect(judgeAttention(compacted(logOf(...offered)), null, NOW_MS).says).toBe(
      '2 offered, none taken in 2 days',
    );
    expect(judgeAttention(compacted(logOf(...offered, [30, pop(1)])), null, NOW_MS).says).toBe(
      '1 offered, none taken in 30 minutes',
    );
    expect(judgeAttention(compacted(logOf(...offered, [5, pop(1)])), null, NOW_MS)).toMatchObject({
      status: 'ok',
    });
  });

  it('does not guess what a log of an earlier version does not tell', () => {
    const log = logOf(...waiting, [40, offer(1, 2)]);
    if (log.kind !== 'kept') throw new Error('no log');
    const { poppedAtMs: _, ...json } = stateToJson(log.state);
    const inbox = json.inbox.map(({ offeredAtMs: _, ...message }) => message);
    const state = stateFromJson({ ...json, inbox });
    if (!state) throw new Error('no state');
    expect(judgeAttention({ kind: 'kept', state, events: [] }, null, NOW_MS)).toMatchObject({ status: 'ok' });
  });
});

describe('judgeFeed', () => {
  const log = logOf([40, session]);
  const behind = (unread: number) => ({ ok: true, value: { unread, isPageFull: unread >= 500 } }) as const;
  it.each([
    ['ok', behind(0), 1],
    ['ok', behind(3), 0],
    ['warning', behind(500), 1],
    ['skipped', null, 1],
  ] as const)('%s', (status, feed, windows) => expect(judgeFeed({ log, feed, windows }).status).toBe(status));
});

it('judgeFeatures names what is there, what is not, and what could not be found out', () => {
  const probed = (limits: boolean | null, requests: boolean | null) =>
    new Map([
      ['upload_limits', limits],
      ['requests', requests],
    ] as const);
  expect(judgeFeatures(probed(false, false), [{ id: 'x' }]).says).toBe('as of May 2026, nothing newer');
  expect(judgeFeatures(probed(true, true), [{ seq: 7 }]).says).toBe(
    'offers requests, row_seq, upload_limits',
  );
  expect(judgeFeatures(probed(true, null), []).says).toBe('offers upload_limits; did not tell of requests');
});

it('judgeFiles names a file that does not come, and why', () => {
  const row = { id: idOf(5), atMicros: 1 };
  const upload = { fileId: idOf(1, 'file'), row, uri: '', name: 'a.txt', mimeType: '', size: null };
  const log = logOf([0, session]);
  if (log.kind !== 'kept') throw new Error('no log');
  let state = evolve(log.state, {
    v: 1,
    seq: 2,
    at: '2026-05-05T00:00:00Z',
    type: 'upload.announced',
    data: upload,
  });
  expect(judgeFiles({ ...log, state })).toMatchObject({ status: 'ok' });
  state = evolve(state, {
    v: 1,
    seq: 3,
    at: '2026-05-05T00:00:00Z',
    type: 'upload.failed',
    data: { fileId: upload.fileId, reason: 'no space left', attempts: 2, retryAtMs: 0 },
  });
  expect(judgeFiles({ ...log, state })).toMatchObject({
    status: 'warning',
    says: '1 of 1 files has not come, after 2 attempts: no space left',
    named: ['a.txt'],
  });
});

describe('judgePresence', () => {
  const at = (status: string) => ({ ok: true, value: { name: '', status, raw: {} } }) as const;
  it.each([
    ['ok', at('online'), 1],
    ['warning', at('online'), 0],
    ['warning', at('offline'), 2],
    ['skipped', at('offline'), 0],
  ] as const)('%s', (status, workspace, windows) =>
    expect(judgePresence({ workspace, windows, silent: false }).status).toBe(status),
  );
});

describe('judgeWindows', () => {
  const status = { phase: 'online', online: true, lastPollAt: null, lastError: null, lastReadAt: null };
  it('tells a window that does not answer and one in trouble', () => {
    expect(judgeWindows({ windows: 2, delivering: { pid: 7, status } })).toMatchObject({ status: 'ok' });
    expect(judgeWindows({ windows: 1, delivering: null })).toMatchObject({ status: 'warning' });
    const troubled = judgeWindows({
      windows: 1,
      delivering: { pid: 7, status: { ...status, lastError: 'no way' } },
    });
    expect(troubled).toMatchObject({ status: 'warning', says: expect.stringContaining('no way') });
  });
});

describe('judgeClock', () => {
  const page = (ms: number | null) => ({ rows: [], serverNowMicros: ms === null ? null : ms * 1000 });
  it.each([
    ['ok', page(NOW_MS), 0],
    ['ok', page(NOW_MS), 29_000],
    ['warning', page(NOW_MS), 40_000],
    ['warning', page(NOW_MS), -40_000],
    ['skipped', page(null), 0],
    ['skipped', null, 0],
  ] as const)('%s', (status, given, offMs) => expect(judgeClock(given, NOW_MS + offMs).status).toBe(status));
});

describe('judgeEncryption', () => {
  const judge = (origin: string, validForDays: number) =>
    judgeEncryption({
      origin,
      facts: {
        kind: 'agreed',
        protocol: 'TLSv1.3',
        validUntilMs: NOW_MS + validForDays * 24 * 60 * MINUTE_MS,
      },
      proxy: null,
      nowMs: NOW_MS,
    });
  it('warns of a certificate that runs out, and of an address that is not encrypted', () => {
    expect(judge('https://a.example', 30)).toMatchObject({
      status: 'ok',
      says: 'TLSv1.3, certificate good for 30 days',
    });
    expect(judge('https://a.example', 5)).toMatchObject({ status: 'warning' });
    expect(judge('http://a.example', 30)).toMatchObject({ status: 'warning' });
    expect(judge('http://localhost:8080', 30)).toMatchObject({ status: 'skipped' });
  });
});

it('judgeStateDirectory fails where nothing can be kept, and warns where little can', () => {
  const facts = { path: '/state', unwritable: null, freeBytes: 10e9, isThere: true };
  expect(judgeStateDirectory(facts, [])).toMatchObject([{ status: 'ok' }]);
  expect(judgeStateDirectory({ ...facts, freeBytes: 1e6 }, ['too loose'])).toMatchObject([
    { status: 'warning', says: '/state has only 0 MiB left' },
    { status: 'warning', says: 'too loose' },
  ]);
  expect(judgeStateDirectory({ ...facts, unwritable: 'read-only disk' }, [])).toMatchObject([
    { status: 'failed', cause: 'configuration' },
  ]);
});

it.each([
  ['timed-out', 'unreachable'],
  ['unavailable', 'unreachable'],
  ['malformed', 'unreachable'],
  ['redirected', 'configuration'],
  ['no-such-route', 'configuration'],
  ['refused', 'configuration'],
  ['unauthorised', 'auth'],
] as const)('judgeTrouble: %s is a matter of %s', (kind, cause) => {
  expect(judgeTrouble('platform', new PlatformError(kind, 'x'))).toMatchObject({ status: 'failed', cause });
});

describe('hideSecrets', () => {
  it('takes out every spelling of a secret, what looks like one, and the home directory', () => {
    const text = `token tok"en-1 and ${JSON.stringify('tok"en-1')} in /home/me/x, api_key=${'k'.repeat(44)}`;
    expect(hideSecrets(text, ['tok"en-1', ''], '/home/me')).toBe(
      'token [hidden] and "[hidden]" in ~/x, api_key=[REDACTED]',
    );
  });
});

describe('showFindings', () => {
  const file = { columns: null, colours: false };

  it('shows a stranger’s words on one line', () => {
    const finding = warning('files', 'a\nFAIL  token \u001b[2J', 'do');
    expect(showFindings([{ ...finding, named: ['b\nFAIL'] }], file)).toBe(
      'This machine\n  warn  files  a\\nFAIL  token \\u001b[2J (b\\nFAIL)\n               → do\n\n1 warning\n',
    );
  });

  it('breaks lines where a terminal ends, colours only there, and says the same advice once', () => {
    const findings = [
      warning('hosts', 'one two three four five six seven', 'do this and then do that until it works'),
      warning('hosts', 'eight', 'do this and then do that until it works'),
      ok('token', 'a-word-that-is-longer-than-all-the-room-that-there-is'),
    ];
    expect(showFindings(findings, { columns: 45, colours: true }).split('\n')).toEqual([
      'This machine',
      '  \u001b[33mwarn\u001b[0m  hosts  one two three four five six',
      '               seven',
      '  \u001b[33mwarn\u001b[0m  hosts  eight',
      '               → do this and then do that',
      '                 until it works',
      '  \u001b[32mok  \u001b[0m  token  a-word-that-is-longer-than-all-the-room-that-there-is',
      '',
      '2 warnings',
      '',
    ]);
  });

  it.each([
    [{ isTTY: true, columns: 80 }, {}, { columns: 80, colours: true }],
    [{ isTTY: true, columns: 80 }, { NO_COLOR: '1' }, { columns: 80, colours: false }],
    [{ isTTY: true, columns: 80 }, { TERM: 'dumb' }, { columns: 80, colours: false }],
    [{ isTTY: false, columns: 80 }, {}, file],
  ])('on %j with %j', (stream, env, terminal) => expect(terminalOf(stream, env)).toEqual(terminal));
});
