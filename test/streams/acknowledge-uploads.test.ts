import { NEVER, of } from 'rxjs';
import { describe, it } from 'vitest';
import { type AcknowledgeUploadsDeps, acknowledgeUploads } from '../../streams/acknowledge-uploads.ts';
import { createSlots, withSlot } from '../../streams/slots.ts';
import { marbles } from '../support/marbles.ts';

function deps(over: Partial<AcknowledgeUploadsDeps>): AcknowledgeUploadsDeps {
  return {
    acknowledge: () => of(null),
    settle: () => of(null),
    withdrawn: NEVER,
    ownSlots: createSlots(4),
    sharedSlots: createSlots(8),
    retryDelayMs: (failures) => failures * 1_000,
    ...over,
  };
}

describe('acknowledgeUploads', () => {
  it('tells the platform, then the log, then whoever listens', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const reply = cold('10ms |');
      const commit = cold('5ms |');
      const result = acknowledgeUploads(
        cold('(a|)'),
        deps({ acknowledge: () => reply, settle: () => commit }),
      );
      expectObservable(result).toBe('15ms (a|)');
      expectSubscriptions(reply.subscriptions).toBe('^ 9ms !');
      expectSubscriptions(commit.subscriptions).toBe('10ms ^ 4ms !');
    });
  });

  it('tries again until the platform has taken it, and does not repeat that for a failing disk', () => {
    marbles(({ cold, expectObservable }) => {
      const replies = [cold('10ms #'), cold('10ms #'), cold('10ms |')];
      const commits = [cold('5ms #'), cold('5ms |')];
      const result = acknowledgeUploads(
        cold('(a|)'),
        deps({
          acknowledge: () => replies.shift() ?? cold('x'),
          settle: () => commits.shift() ?? cold('x'),
        }),
      );
      expectObservable(result).toBe('4040ms (a|)');
    });
  });

  it('acknowledges a file once, however often it is named while that is under way', () => {
    marbles(({ cold, expectObservable, expectSubscriptions }) => {
      const reply = cold('10ms |');
      expectObservable(acknowledgeUploads(cold('aaa|'), deps({ acknowledge: () => reply }))).toBe(
        '10ms (a|)',
      );
      expectSubscriptions(reply.subscriptions).toBe('^ 9ms !');
    });
  });

  it('does not try again once the copy at the platform is needed after all, until it is named anew', () => {
    marbles(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const refused = cold('10ms #');
      const withdrawn = hot('500ms (ba)');
      const result = acknowledgeUploads(cold('a 4s a'), deps({ acknowledge: () => refused, withdrawn }));
      expectObservable(result, '^ 4500ms !').toBe('-');
      expectSubscriptions(refused.subscriptions).toBe(['^ 9ms !', '4001ms ^ 9ms !']);
    });
  });

  it('takes its places beside the fetches', () => {
    marbles(({ cold, expectObservable }) => {
      const ownSlots = createSlots(1);
      expectObservable(cold('20ms |').pipe(withSlot(ownSlots))).toBe('20ms |');
      const result = acknowledgeUploads(cold('(a|)'), deps({ ownSlots, acknowledge: () => cold('10ms |') }));
      expectObservable(result).toBe('30ms (a|)');
    });
  });
});
