import { setTimeout as pause } from 'node:timers/promises';
import { startLocalPlatform } from '../src/local-platform/local-platform.ts';
import { startProgram, usageOf } from './program.ts';
import type { Row } from './row.ts';

/** What many workspaces cost while nothing comes, once all are present. */
export interface IdleSetting {
  readonly workspaces: number;
  /** `head` counts requests per token, `may` per address. */
  readonly profile: 'may' | 'head';
  readonly rateLimit: number;
  readonly residentMib: number;
  readonly cpuPercent: number;
}

/** Measures 60 s after all have registered and beaten, and a minute of settling. */
export async function measureIdle(setting: IdleSetting): Promise<Row> {
  const { workspaces, profile, rateLimit } = setting;
  const platform = await startLocalPlatform({ profile, rateLimit });
  const members = Array.from({ length: workspaces }, (_, index) =>
    platform.createWorkspace({ name: `bench ${index}` }),
  );
  let refused = 0;
  const program = await startProgram({ url: platform.url, members });
  await platform.requests.answered(workspaces, 'GET /workspaces/:id/events/stream', 300_000);
  await pause(30_000);
  const before = usageOf(program.pid);
  const firstOf = platform.requests.seen.at(-1)?.n ?? 0;
  await pause(60_000);
  const after = usageOf(program.pid);
  const requests = (platform.requests.seen.at(-1)?.n ?? 0) - firstOf;
  refused += platform.requests.seen.filter(({ status }) => status === 429).length;
  await program.stop();
  await platform.close();
  const cpuPercent = (after.cpuMs - before.cpuMs) / 600;
  const each = requests / workspaces;
  return {
    what: `${workspaces} idle workspaces`,
    measured: `${after.residentMib.toFixed(0)} MiB, ${cpuPercent.toFixed(1)} % of a core, ${each.toFixed(1)} requests a minute each, ${refused} refused`,
    floor: '',
    ratio: null,
    budget: `≤ ${setting.residentMib} MiB, ≤ ${setting.cpuPercent} %, ≤ 6 requests`,
    within:
      after.residentMib <= setting.residentMib &&
      cpuPercent <= setting.cpuPercent &&
      each <= 6 &&
      refused === 0,
  };
}
