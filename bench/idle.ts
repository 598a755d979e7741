import { setTimeout as pause } from 'node:timers/promises';
import { startLocalPlatform } from '../src/local-platform/local-platform.ts';
import { startBare } from './bare.ts';
import { type Contender, OWN } from './peers.ts';
import { startProgram, type Usage, usageOf } from './program.ts';
import type { Row } from './row.ts';
import { tallyOf } from './tally.ts';

/** What many workspaces cost while nothing comes, once all are present. */
export interface IdleSetting {
  readonly workspaces: number;
  /** `head` counts requests per token, `may` per address. */
  readonly profile: 'may' | 'head';
  readonly residentMib: number;
  readonly cpuPercent: number;
}

/**
 * 600 requests a minute; 60 s once every stream is open and the start is over: of a hundred workspaces behind one address,
 * which spend the first minute's requests on it, the last one has heard a first frame after 70 s.
 */
export async function measureIdle(setting: IdleSetting, { name, command } = OWN): Promise<Row> {
  const { workspaces, profile } = setting;
  const platform = await startLocalPlatform({ profile, rateLimit: 600 });
  const members = Array.from({ length: workspaces }, (_, index) =>
    platform.createWorkspace({ name: `bench ${index}` }),
  );
  const tally = tallyOf(platform, members);
  const bare = await startBare('bare-sockets', [String(platform.port), String(workspaces)]);
  const floor = usageOf(bare.pid);
  await bare.stop();
  const program = await startProgram({ url: platform.url, members, command });
  const beganMs = performance.now();
  const settledWithinMs = command === null ? 300_000 : 30_000;
  while (platform.faults.stream.open < workspaces && performance.now() - beganMs < settledWithinMs)
    await pause(250);
  const streams = platform.faults.stream.open;
  const startedMs = performance.now() - beganMs;
  await pause(90_000);
  const before = usageOf(program.pid);
  const requestsBefore = tally.requests();
  await pause(60_000);
  const after = usageOf(program.pid);
  const each = (tally.requests() - requestsBefore) / workspaces;
  tally.stop();
  await program.stop();
  await platform.close();
  const cpuPercent = shareOfCore(before, after);
  const refused = tally.refused();
  return {
    what: `${name}${workspaces} idle workspaces${profile === 'head' ? ', counted by token' : ''}`,
    measured: `${after.residentMib.toFixed(0)} MiB, ${cpuPercent.toFixed(1)} % of a core, ${each.toFixed(1)} requests a minute each, ${refused} refused, ${streams} streams after ${(startedMs / 1000).toFixed(0)} s`,
    floor: `node with ${workspaces} idle connections: ${floor.residentMib.toFixed(0)} MiB`,
    ratio: after.residentMib / floor.residentMib,
    budget: name === '' ? `≤ ${setting.residentMib} MiB, ≤ ${setting.cpuPercent} %, ≤ 6 requests` : '',
    within:
      after.residentMib <= setting.residentMib &&
      cpuPercent <= setting.cpuPercent &&
      each <= 6 &&
      refused === 0 &&
      streams === workspaces,
  };
}

/** A hundred, with each peer beside. */
export async function measureHundred(contenders: readonly Contender[]): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const contender of contenders) {
    const setting = { workspaces: 100, profile: 'may', residentMib: 80, cpuPercent: 2 } as const;
    rows.push(await measureIdle(setting, contender));
  }
  return rows;
}

/** Percent of one core in the minute between. */
function shareOfCore(before: Usage, after: Usage): number {
  return (after.cpuMs - before.cpuMs) / 600;
}
