import { describe, expect, it } from 'vitest';
import {
  nothingNew,
  onlineWorkspace,
  refusal,
  type ScriptedWorkspace,
  scriptWorkspace,
} from './support/scripted-workspace.ts';

const refused = { verdict: 'refused', status: 401 };
const accepted = { verdict: 'accepted' };
const forbiddenBeat = refusal('unauthorised');
const removed = { verdict: 'removed', removedAt: '2026-05-01T00:00:00Z' };

/** What a refused credential can happen to. */
const reachRefusal = {
  async register(): Promise<ScriptedWorkspace> {
    const world = scriptWorkspace();
    await world.succeed('acquireDelivery');
    await world.fail('register', 'unauthorised');
    return world;
  },
  async heartbeat(): Promise<ScriptedWorkspace> {
    const world = await onlineWorkspace();
    await world.advance(20_000);
    await world.fail('heartbeat', 'unauthorised');
    return world;
  },
  async feed(): Promise<ScriptedWorkspace> {
    const world = await onlineWorkspace();
    await world.fail('readFeed', 'unauthorised');
    return world;
  },
};

/** The requests after `from` that a refused credential must not be used for. */
function forbidden(world: ScriptedWorkspace, from: number): string[] {
  return world.asked.slice(from).filter((said) => said !== 'confirmAccess');
}

describe.each(Object.entries(reachRefusal))('a credential refused to %s', (during, reach) => {
  it('is looked into before anything else leaves', async () => {
    const world = await reach();
    expect(world.value()).toEqual({ checkingAccess: 'asking' });
    expect([world.running('readFeed'), world.running('heartbeat'), world.running('followWakeUps')]).toEqual([
      0, 0, 0,
    ]);
  });

  it('means revoked when the workspace lives: asked every 20 s, nothing else sent, until it is accepted', async () => {
    const world = await reach();
    const from = world.asked.length;
    await world.succeed('confirmAccess', refused);
    expect(world.phase()).toMatchObject({ phase: 'revoked', online: false });
    expect(world.facts.at(-1)).toEqual({ type: 'token.refused', data: { during, status: 401 } });
    await world.answer('confirmAccess', () => refused);
    await world.advance(600_000);
    expect(world.asked.slice(from).length).toBe(30);
    expect(forbidden(world, from)).toEqual([]);
    await world.answer('confirmAccess', () => accepted);
    await world.advance(20_000);
    expect(world.value()).toBe('registering');
    expect(world.facts.at(-1)).toEqual({ type: 'token.accepted', data: {} });
  });

  it('means removed when the workspace is gone: no register and no heartbeat until it is back', async () => {
    const world = await reach();
    const from = world.asked.length;
    await world.succeed('confirmAccess', removed);
    expect(world.phase().phase).toBe('removed');
    expect(world.facts.at(-1)).toEqual({ type: 'workspace.removed', data: { removedAt: removed.removedAt } });
    expect(world.notices.at(-1)?.level).toBe('error');
    const said = world.notices.length;
    await world.answer('confirmAccess', () => removed);
    await world.advance(600_000);
    expect(forbidden(world, from)).toEqual([]);
    expect(world.facts.filter(({ type }) => type === 'workspace.removed')).toHaveLength(1);
    expect(world.notices).toHaveLength(said);
    await world.answer('confirmAccess', () => accepted);
    await world.advance(20_000);
    expect(world.value()).toBe('registering');
  });

  it('heals at once when the token was merely rotated (W-49), without a fact', async () => {
    const world = await reach();
    const facts = world.facts.length;
    await world.succeed('confirmAccess', accepted);
    expect(world.value()).toBe('registering');
    expect(world.facts).toHaveLength(facts);
  });

  it('stays in doubt while nobody can tell, and asks again', async () => {
    const world = await reach();
    const from = world.asked.length;
    for (let failed = 0; failed < 6; failed += 1) {
      await world.fail('confirmAccess', 'unavailable');
      expect(world.value()).toEqual({ checkingAccess: 'undecided' });
      expect(await world.timeUntil('confirmAccess')).toBeLessThanOrEqual(20_000);
    }
    expect(forbidden(world, from)).toEqual([]);
    expect(world.phase().phase).toBe('checking access');
    await world.advance(60_000);
    expect(world.value()).toEqual({ checkingAccess: 'undecided' });
  });
});

describe('revoked', () => {
  it('does not forget so because a question fails', async () => {
    const world = await reachRefusal.feed();
    await world.succeed('confirmAccess', refused);
    await world.timeUntil('confirmAccess');
    await world.fail('confirmAccess', 'unavailable');
    expect(world.value()).toEqual({ revoked: 'resting' });
    expect(await world.timeUntil('confirmAccess')).toBe(20_000);
    await world.advance(60_000);
    expect(world.value()).toMatchObject({ revoked: 'resting' });
  });

  it('can turn out to be removed, and removed to be revoked', async () => {
    const world = await reachRefusal.feed();
    for (const verdict of [refused, removed, refused, removed]) {
      await world.timeUntil('confirmAccess');
      await world.succeed('confirmAccess', verdict);
    }
    expect(world.facts.slice(1).map(({ type }) => type)).toEqual([
      'token.refused',
      'workspace.removed',
      'token.refused',
      'workspace.removed',
    ]);
    expect(world.phase().phase).toBe('removed');
  });

  it('is told as heartbeat_escalation.json says: a warning twice, an error the third time and every 20th after', async () => {
    const world = await reachRefusal.heartbeat();
    const levels = world.notices.map(({ level }) => [level as string]);
    for (let refusals = 2; refusals <= 45; refusals += 1) {
      const before = world.notices.length;
      await world.timeUntil('confirmAccess');
      await world.succeed('confirmAccess', refused);
      levels.push(world.notices.slice(before).map(({ level }) => level));
    }
    const errors = [3, 23, 43];
    expect(levels).toEqual(
      Array.from({ length: 45 }, (_, index) => {
        const refusals = index + 1;
        if (refusals < 3) return ['warn'];
        return errors.includes(refusals) ? ['error'] : [];
      }),
    );
  });

  it('is asked about at once after the laptop slept, and is left when delivery is lost', async () => {
    const world = await reachRefusal.feed();
    await world.succeed('confirmAccess', refused);
    world.send({ type: 'clock.jumped' });
    expect(world.value()).toEqual({ revoked: 'asking' });
    world.send({ type: 'delivery.lost' });
    expect(world.value()).toEqual({ standingBy: 'acquiring' });
    expect(world.running('confirmAccess')).toBe(0);
  });
});

describe('a 404', () => {
  it('puts access in doubt when it is JSON, and is mere weather when it is not (§15.14)', async () => {
    const json = await onlineWorkspace();
    await json.fail('readFeed', 'not-found');
    expect(json.value()).toEqual({ checkingAccess: 'asking' });
    const text = await onlineWorkspace();
    await text.fail('readFeed', 'no-such-route');
    expect(text.value()).toMatchObject({ online: { feed: { reading: 'backingOff' } } });
  });
});

describe('a route that refuses what the others accept', () => {
  it('does not keep the feed from being read: the check comes at most once a minute', async () => {
    const world = await onlineWorkspace();
    await world.answer('confirmAccess', () => accepted);
    await world.answer('register', () => ({ deliveryMode: 'poll' }));
    await world.answer('readFeed', () => nothingNew);
    await world.answer('heartbeat', () => Promise.reject(forbiddenBeat));
    await world.advance(600_000);
    expect(world.started('confirmAccess')).toBeLessThanOrEqual(11);
    expect(world.started('readFeed')).toBeGreaterThan(100);
    await world.answer('heartbeat', () => undefined);
    await world.advance(120_000);
    expect(world.phase()).toMatchObject({ phase: 'online', lastError: null });
  });

  it('does not register in a tight loop either', async () => {
    const world = scriptWorkspace();
    await world.succeed('acquireDelivery');
    await world.answer('confirmAccess', () => accepted);
    await world.answer('register', () => Promise.reject(forbiddenBeat));
    await world.advance(600_000);
    expect(world.started('register')).toBeLessThan(40);
  });
});
