import { asyncScheduler, of } from 'rxjs';
import { describe, it } from 'vitest';
import { type AnnounceFilesDeps, announceFiles } from '../../streams/announce-files.ts';
import { marbles } from '../support/marbles.ts';
import { idOf } from '../support/rows.ts';
import { uploadOf } from '../support/uploads.ts';

const one = idOf(1, 'file');
const two = idOf(2, 'file');

function deps(over: Partial<AnnounceFilesDeps> = {}): AnnounceFilesDeps {
  return {
    dueInMs: ({ announcedAtMs }) => announcedAtMs + 60_000 - asyncScheduler.now(),
    announce: () => of(null),
    retryDelayMs: (failures) => failures * 1_000,
    ...over,
  };
}

describe('announceFiles', () => {
  it('speaks of each file when it is due, by its own clock', () => {
    marbles(({ cold, expectObservable }) => {
      const uploads = cold('a 9s b', { a: uploadOf(1), b: uploadOf(2, { announcedAtMs: 5_000 }) });
      expectObservable(announceFiles(uploads, deps())).toBe('60s a 4999ms b', { a: one, b: two });
    });
  });

  it('speaks at once of what became due while nobody ran', () => {
    marbles(({ cold, expectObservable }) => {
      const uploads = cold('a', { a: uploadOf(1, { announcedAtMs: -90_000 }) });
      expectObservable(announceFiles(uploads, deps())).toBe('a', { a: one });
    });
  });

  it('tries again until it is durable, without waiting for the file to become due once more', () => {
    marbles(({ cold, expectObservable }) => {
      const tries = [cold('#'), cold('10ms #'), cold('10ms |')];
      const announce = () => tries.shift() ?? cold('x');
      expectObservable(announceFiles(cold('a', { a: uploadOf(1) }), deps({ announce }))).toBe(
        `${60_000 + 1_000 + 10 + 2_000 + 10}ms a`,
        { a: one },
      );
    });
  });
});
