import { describe, expect, it } from 'vitest';
import { classifyRow } from '../../../src/domain/wire/classify.ts';
import {
  chatRow,
  echoRow,
  envelope,
  filePart,
  idOf,
  OWN,
  PEER,
  pendingUri,
  uploadRow,
} from '../../support/rows.ts';

const kindOf = (row: unknown) => classifyRow(row, OWN).kind;

describe('classifyRow', () => {
  it("takes the canvas user's and a peer's words for chat", () => {
    const canvas = classifyRow(chatRow(1, 'hello'), OWN);
    expect(canvas).toMatchObject({
      kind: 'chat',
      conversation: 'canvas',
      message: { text: 'hello', kind: 'canvas_user', peer_id: '' },
    });
    const peer = classifyRow(chatRow(1, 'hi', { source_id: PEER }), OWN);
    expect(peer).toMatchObject({
      kind: 'chat',
      conversation: PEER,
      message: { kind: 'peer_agent', peer_id: PEER },
    });
  });

  it('knows one sender however its id is spelled, and cuts one that is too long to be an id', () => {
    const shouted = classifyRow(chatRow(1, 'hi', { source_id: PEER.toUpperCase() }), OWN);
    expect(shouted).toMatchObject({ conversation: PEER });
    const endless = classifyRow(chatRow(1, 'hi', { source_id: 'x'.repeat(1000) }), OWN);
    expect(endless).toMatchObject({ message: { peer_id: 'x'.repeat(200) } });
  });

  it("skips the agent's own echo, but not a message that bears its method (W-36)", () => {
    expect(classifyRow(echoRow(1), OWN)).toMatchObject({ kind: 'skipped', reason: 'own_echo' });
    expect(kindOf(chatRow(1, 'not an echo', { method: 'notify' }))).toBe('chat');
    expect(kindOf(echoRow(1, { source_id: PEER }))).toBe('chat');
  });

  it('skips activities of other types, which an old server serves unasked (§4.5)', () => {
    const row = chatRow(1, 'a log line', { activity_type: 'agent_log' });
    expect(classifyRow(row, OWN)).toMatchObject({ kind: 'skipped', reason: 'other_activity' });
    expect(kindOf(chatRow(1, 'hello', { activity_type: '' }))).toBe('chat');
  });

  it.each(['error', 'failed'])('says of a result with status %s that the delegation failed', (status) => {
    const result = chatRow(1, '', {
      method: 'delegate_result',
      source_id: OWN,
      status,
      response_body: { text: 'no luck', delegation_id: idOf(1) },
    });
    expect(classifyRow(result, OWN)).toMatchObject({
      message: { text: 'no luck', error_detail: 'the delegation failed' },
    });
  });

  it('skips own reports, whatever their method (W-10)', () => {
    expect(classifyRow(chatRow(1, 'mine', { source_id: OWN }), OWN)).toMatchObject({
      kind: 'skipped',
      reason: 'own_report',
    });
    expect(kindOf(chatRow(1, 'mine', { source_id: OWN.toUpperCase() }))).toBe('skipped');
  });

  it('reads an upload row of the exact shape', () => {
    expect(classifyRow(uploadRow(1, 7), OWN)).toMatchObject({
      kind: 'upload',
      upload: {
        fileId: idOf(7, 'file'),
        uri: pendingUri(7),
        name: 'file-7.txt',
        mimeType: 'text/plain',
        size: 19,
      },
    });
  });

  it.each([
    ['a sender', { source_id: PEER }],
    ['an envelope', { request_body: { ...uploadRow(1, 7).request_body, jsonrpc: '2.0' } }],
    [
      'a path for an id',
      { request_body: { ...uploadRow(1, 7).request_body, file_id: '../../../workspaces/victim/restart?x=' } },
    ],
    [
      "another workspace's URI",
      {
        request_body: { ...uploadRow(1, 7).request_body, uri: `platform-pending:${PEER}/${idOf(7, 'file')}` },
      },
    ],
    ["another file's URI", { request_body: { ...uploadRow(1, 7).request_body, uri: pendingUri(8) } }],
    ['no URI', { request_body: { ...uploadRow(1, 7).request_body, uri: undefined } }],
    ['an id and a URI that both name none', { request_body: { file_id: null, uri: 'platform-pending:' } }],
    ['a row id that is no UUID', { id: 'row-1' }],
    ["another method than an upload's", { method: 'message/send' }],
    ['no body', { request_body: null }],
  ])('takes an upload row with %s for ordinary chat (W-35)', (_what, over) => {
    expect(kindOf(uploadRow(1, 7, over))).toBe('chat');
  });

  it('reads the answer of a delegation from the response (W-11)', () => {
    const row = chatRow(1, '', {
      source_id: OWN,
      method: 'delegate_result',
      request_body: { delegation_id: 'd1' },
      response_body: { text: 'ANSWER', delegation_id: 'd1' },
    });
    expect(classifyRow(row, OWN)).toMatchObject({
      kind: 'chat',
      message: { kind: 'delegation_result', text: 'ANSWER', delegation_id: 'd1', peer_id: '' },
    });
    const failed = { ...row, response_body: undefined, error_detail: 'peer offline', status: 'error' };
    expect(classifyRow(failed, OWN)).toMatchObject({
      message: { text: 'peer offline', error_detail: 'peer offline' },
    });
  });

  it('drops a delegation result that is only the queued envelope (§8.1)', () => {
    const text = JSON.stringify({ delivery_mode: 'poll', method: 'message/send', status: 'queued' });
    const row = chatRow(1, '', {
      source_id: OWN,
      method: 'delegate_result',
      response_body: { text, delegation_id: 'd' },
    });
    expect(classifyRow(row, OWN)).toMatchObject({ kind: 'skipped', reason: 'queued_envelope' });
  });

  it.each(['{"status":"queued"}', '{"delivery_mode":"poll"}', '{"status":"queued"', '["queued"]'])(
    'keeps a result that says %s, which is no such envelope',
    (text) => {
      const row = chatRow(1, '', { source_id: OWN, method: 'delegate_result', response_body: { text } });
      expect(classifyRow(row, OWN)).toMatchObject({ kind: 'chat', message: { text } });
    },
  );

  it("takes a peer's delegate_result for what it is: a peer's message", () => {
    expect(classifyRow(chatRow(1, 'x', { source_id: PEER, method: 'delegate_result' }), OWN)).toMatchObject({
      kind: 'chat',
      message: { kind: 'peer_agent' },
    });
  });

  it('lists the files that a message cites', () => {
    const row = chatRow(1, '', { request_body: envelope([{ kind: 'text', text: 'see' }, filePart(3)]) });
    expect(classifyRow(row, OWN)).toMatchObject({
      cited: [{ fileId: idOf(3, 'file'), uri: pendingUri(3), name: 'file-3.txt', cited: true }],
    });
  });

  it.each([
    null,
    5,
    'x',
    [],
    true,
    {},
    { id: null },
    { id: idOf(1) },
    { id: '', created_at: '2026-05-05T00:00:00Z' },
    { created_at: '2026-05-05T00:00:00Z' },
    { id: idOf(1), created_at: 'yesterday' },
  ])('calls %j unreadable and says why', (raw) => {
    expect(classifyRow(raw, OWN)).toMatchObject({ kind: 'unreadable', reason: expect.stringMatching(/./) });
  });

  it('is not upset by what strangers put into a row (W-2, W-24)', () => {
    let deep: unknown = 'x';
    for (let level = 0; level < 5000; level += 1) deep = [deep];
    for (const over of [
      { request_body: deep },
      {
        request_body: envelope([
          { kind: 'text', text: null },
          { kind: 'text', text: { v: 1 } },
          { kind: 'text', text: 'ok' },
        ]),
      },
      { source_id: deep },
      { method: ['notify'] },
      { summary: { a: 1 } },
      { status: null, error_detail: [] },
    ]) {
      expect(kindOf(chatRow(1, 'x', over))).toBe('chat');
    }
  });
});
