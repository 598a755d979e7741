import { describe, expect, it } from 'vitest';
import { createTaskBoard } from '../../src/outbox/task-board.ts';

describe('the board of tasks in flight', () => {
  it('tells each workspace its own, the newest by name', () => {
    const board = createTaskBoard(() => 0);
    const done = board.begin('a', 'first');
    board.begin('b', 'elsewhere');
    board.begin('a', 'second');
    expect(board.of('a')).toEqual({ activeTasks: 2, currentTask: 'second' });
    done();
    done();
    expect(board.of('a')).toEqual({ activeTasks: 1, currentTask: 'second' });
    expect(board.of('c')).toEqual({ activeTasks: 0, currentTask: '' });
  });

  it('does not count for ever what nobody answers', () => {
    let hours = 0;
    const board = createTaskBoard(() => hours * 3_600_000);
    board.begin('a', 'lost');
    hours = 5;
    board.begin('a', 'young');
    expect(board.of('a').activeTasks).toBe(2);
    hours = 6;
    expect(board.of('a')).toEqual({ activeTasks: 1, currentTask: 'young' });
    hours = 11;
    expect(board.of('a')).toEqual({ activeTasks: 0, currentTask: '' });
  });
});
