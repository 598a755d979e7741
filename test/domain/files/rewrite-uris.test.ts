import { describe, expect, it } from 'vitest';
import { rewriteUris } from '../../../src/domain/files/rewrite-uris.ts';

const lookup = (uri: string) =>
  ({ 'platform-pending:w/1': 'workspace:/l/a', 'platform-pending:w/2': '' })[uri];
const cite = (uri: unknown) => ({ kind: 'file', file: { uri, name: 'a' } });

describe('rewriteUris', () => {
  it('replaces known URIs in all three lists and keeps everything else', () => {
    const body = {
      id: 1,
      params: {
        message: { role: 'user', parts: ['x', cite('platform-pending:w/1')] },
        parts: [cite('platform-pending:w/1')],
      },
      parts: [cite('platform-pending:w/1'), { kind: 'text', text: 'platform-pending:w/1' }],
    };
    expect(rewriteUris(body, lookup)).toEqual({
      id: 1,
      params: {
        message: { role: 'user', parts: ['x', cite('workspace:/l/a')] },
        parts: [cite('workspace:/l/a')],
      },
      parts: [cite('workspace:/l/a'), { kind: 'text', text: 'platform-pending:w/1' }],
    });
  });

  it('gives back the very same object when nothing is known', () => {
    const body = {
      parts: [cite('platform-pending:w/2'), cite('platform-pending:w/3'), cite(['platform-pending:w/1'])],
    };
    expect(rewriteUris(body, lookup)).toBe(body);
  });

  it('never changes its input', () => {
    const body = { parts: [cite('platform-pending:w/1')] };
    rewriteUris(body, lookup);
    expect(body).toEqual({ parts: [cite('platform-pending:w/1')] });
  });

  it('asks only for pending URIs', () => {
    const asked: string[] = [];
    rewriteUris(
      { parts: [cite('workspace:/x'), cite('Platform-Pending:w/1'), cite('platform-pending:')] },
      (uri) => {
        asked.push(uri);
        return undefined;
      },
    );
    expect(asked).toEqual(['platform-pending:']);
  });
});
