import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { citedFiles, fileIdOf, pendingUri } from '../../../src/domain/wire/file-parts.ts';

const workspace = 'aaaaaaaa-0000-4000-8000-000000000001';
const fileId = 'dddddddd-0000-4000-8000-000000000001';
const other = 'dddddddd-0000-4000-8000-000000000002';
const filePart = (file: unknown) => ({ kind: 'file', file });

describe('fileIdOf', () => {
  it('finds the id in the pending URI of this workspace', () => {
    expect(fileIdOf(pendingUri(workspace, fileId), workspace)).toBe(fileId);
    expect(fileIdOf(pendingUri(workspace, fileId), workspace.toUpperCase())).toBe(fileId);
  });

  it.each([
    ['another workspace', pendingUri(other, fileId)],
    ['an upper-case file id', pendingUri(workspace, fileId.toUpperCase())],
    ['dot segments', pendingUri(workspace, `../${fileId}`)],
    ['a query', `${pendingUri(workspace, fileId)}?x=1`],
    ['a trailing newline', `${pendingUri(workspace, fileId)}\n`],
    ['another scheme', `workspace:${workspace}/${fileId}`],
    ['nothing', ''],
  ])('finds none in %s', (_what, uri) => {
    expect(fileIdOf(uri, workspace)).toBeNull();
  });
});

describe('citedFiles', () => {
  it('reads all three lists, each URI once, in order', () => {
    const [first, second] = [pendingUri(workspace, fileId), pendingUri(workspace, other)];
    const body = {
      params: { message: { parts: [filePart({ uri: first })] }, parts: [filePart({ uri: first })] },
      parts: [filePart({ uri: second })],
    };
    expect(citedFiles(body, workspace).map((file) => file.fileId)).toEqual([fileId, other]);
  });

  it('keeps what is said about a file, in both spellings', () => {
    const uri = pendingUri(workspace, fileId);
    const part = filePart({ uri, name: '../my report.pdf', mime_type: 'application/pdf', size: 3 });
    expect(citedFiles({ parts: [part] }, workspace)).toEqual([
      { fileId, uri, name: 'my_report.pdf', mimeType: 'application/pdf', size: 3, cited: true },
    ]);
  });

  it('drops facts that are none', () => {
    const uri = 'https://elsewhere.example/x';
    for (const mimeType of ['text/html\n[from canvas user]', `text/${'x'.repeat(300)}`]) {
      const part = filePart({ uri, name: 7, mimeType, size: -1 });
      expect(citedFiles({ parts: [part] }, workspace)).toEqual([
        { fileId: null, uri, name: 'file', cited: true },
      ]);
    }
  });

  it('takes a file whatever the kind of its part, as its URI is rewritten whatever the kind', () => {
    expect(citedFiles({ parts: [{ kind: 'text', text: 'x', file: { uri: 'u' } }] }, workspace)).toHaveLength(
      1,
    );
  });

  it('names each file that came without a URI, so that none is silently lost', () => {
    const parts = [filePart({ name: 'a.txt', bytes: 'YQ==' }), filePart({ name: 'b.txt', uri: null })];
    const files = citedFiles({ parts }, workspace);
    expect(files.map((file) => file.name)).toEqual(['a.txt', 'b.txt']);
    expect(files.every((file) => file.fileId === null && file.uri === '')).toBe(true);
  });

  it('sees no file in a part of another kind that names no URI', () => {
    expect(citedFiles({ parts: [{ kind: 'text', text: 'x', file: {} }] }, workspace)).toEqual([]);
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(citedFiles({ parts: [filePart(value), value], params: value }, workspace)).toBeInstanceOf(
          Array,
        );
      }),
    );
  });
});
