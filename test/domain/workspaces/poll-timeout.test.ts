import { describe, expect, it } from 'vitest';
import { pollTimeoutSecs } from '../../../src/domain/workspaces/poll-timeout.ts';

describe('pollTimeoutSecs', () => {
  it.each([
    [undefined, 2],
    [' 7 ', 7],
    ['0', 0],
    ['-0', 0],
    ['60', 60],
    ['3600', 60],
    ['-5', 2],
    ['5_', 2],
    ['1__0', 2],
    ['٥', 2],
    ['1e1', 2],
  ])('reads %j as %j', (setting, secs) => {
    expect(Object.is(pollTimeoutSecs(setting), secs)).toBe(true);
  });
});
