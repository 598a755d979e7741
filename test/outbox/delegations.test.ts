import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findFullResult, readDelegations } from '../../src/outbox/delegations.ts';

/** Every list of delegations in a recording, in order. */
function recorded(name: string): unknown[] {
  const lines = readFileSync(
    new URL(`../fixtures/recordings/${name}.ndjson`, import.meta.url),
    'utf8',
  ).trim();
  return lines
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ request }) => request.method === 'GET' && request.path.endsWith('/delegations'))
    .map(({ response }) => response.json);
}

const FORBIDDEN = 'access denied: workspaces cannot communicate per hierarchy rules';

describe('readDelegations on what real servers answered', () => {
  it('May: several rows are one delegation; the queued envelope is no result (§8.1)', () => {
    const [early, late] = recorded('exchanges-delegation').map(readDelegations);
    expect(early).toEqual([
      {
        delegation_id: 'aa7ebb5b-2ce5-48bb-bb27-b813b9ece69c',
        status: 'accepted',
        target_id: '90c2eafa-9950-44b1-aae4-df9ab8901a60',
        summary: expect.any(String),
        created_at: expect.any(String),
      },
    ]);
    const refused = late?.find(
      ({ delegation_id }) => delegation_id === '060eb3cd-5abc-4529-9e81-e1bfa640ca0b',
    );
    expect(refused).toMatchObject({ status: 'failed', error: FORBIDDEN });
    expect(refused).not.toHaveProperty('result');
  });

  it('HEAD without the ledger: the same, with a direction', () => {
    const lists = recorded('head/exchanges-delegation').map(readDelegations);
    const last = lists.at(-1) ?? [];
    const byStatus = Object.fromEntries(last.map((delegation) => [delegation.status, delegation]));
    expect(byStatus.accepted).toMatchObject({ direction: 'sent' });
    expect(last.filter(({ error }) => error === FORBIDDEN)).toHaveLength(1);
    expect(last.find(({ error }) => error === 'no disk')).toMatchObject({ status: 'failed' });
    expect(new Set(last.map(({ delegation_id }) => delegation_id)).size).toBe(last.length);
  });

  it('HEAD with the ledger: one entry each, also for the one who was asked', () => {
    const [sent, received] = recorded('head/exchanges-delegation-ledger').map(readDelegations);
    expect(sent?.map(({ status, direction }) => [status, direction])).toEqual([['accepted', 'sent']]);
    expect(received?.map(({ status, direction, summary }) => [status, direction, summary])).toEqual([
      ['dispatched', 'received', 'by admin'],
      ['accepted', 'received', 'count files'],
    ]);
    expect(sent?.[0]).toHaveProperty('deadline');
  });
});

describe('readDelegations: W-61', () => {
  const row = (over: Record<string, unknown>) => ({
    delegation_id: 'd',
    created_at: '2026-05-05T00:00:00Z',
    ...over,
  });

  it('shows the error that the server sends as `error`', () => {
    expect(readDelegations([row({ status: 'failed', error: 'no disk' })])).toMatchObject([
      { error: 'no disk' },
    ]);
  });

  it('marks the beginning of an answer as such, and only that', () => {
    const cut = `${'x'.repeat(300)}...`;
    expect(readDelegations([row({ status: 'completed', response_preview: cut })])[0]).toMatchObject({
      result: cut,
      result_truncated: true,
    });
    const [whole] = readDelegations([row({ status: 'completed', response_preview: 'and so on...' })]);
    expect(whole).not.toHaveProperty('result_truncated');
  });

  it('finds the whole answer in the feed', () => {
    const rows = [
      { method: 'delegate', response_body: { delegation_id: 'd' } },
      { method: 'delegate_result', response_body: { delegation_id: 'other', text: 'no' } },
      { method: 'delegate_result', response_body: { delegation_id: 'd', text: 'all of it' } },
    ];
    expect(findFullResult(rows, 'd')).toBe('all of it');
    expect(findFullResult(rows, 'unknown')).toBeNull();
    expect(findFullResult('nothing', 'd')).toBeNull();
  });

  it.each([null, 'x', {}, [null, 7, {}, { delegation_id: 5 }]])('survives %j', (body) => {
    expect(readDelegations(body)).toEqual([]);
  });

  it('the entry that ended it decides, wherever it stands', () => {
    const rows = [row({ status: 'dispatched' }), row({ status: 'completed', response_preview: 'done' })];
    expect(readDelegations(rows)).toMatchObject([{ status: 'completed', result: 'done' }]);
  });
});
