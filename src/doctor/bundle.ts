import { writeFile } from 'node:fs/promises';
import { explainConfig } from '../config/explain.ts';
import type { Settings } from '../config/settings.ts';
import type { InboxState } from '../domain/inbox/inbox-state.ts';
import type { Finding } from './finding.ts';
import { logFolder, readLog } from './probes/log.ts';

/** Everything about this installation that helps somebody else to find a fault: numbers, kinds and times, no message. */
export interface Bundle {
  readonly molecule_inbox: string;
  readonly node: string;
  readonly platform: string;
  readonly at: string;
  readonly findings: readonly Finding[];
  readonly config: ReturnType<typeof explainConfig>;
  readonly workspaces: readonly object[];
}

/** Puts the report together. */
export async function collectBundle(
  settings: Settings,
  findings: readonly Finding[],
  version: string,
): Promise<Bundle> {
  const stateFolder = settings.directory?.path ?? '';
  return {
    molecule_inbox: version,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    at: new Date().toISOString(),
    findings: findings.map(({ named: _, ...finding }) => finding),
    config: explainConfig(settings),
    workspaces: await Promise.all(
      settings.workspaces.map(async (workspace) => {
        const log = await readLog(logFolder(stateFolder, workspace));
        if (log.kind !== 'kept') return { id: workspace.id, log };
        const latest = log.events.slice(-LATEST).map(({ seq, at, type }) => ({ seq, at, type }));
        return { id: workspace.id, log: { kind: log.kind, ...numbersOf(log.state), latest } };
      }),
    ),
  };
}

/** Writes the report where nothing is yet, private. Rejects with one line when it cannot. */
export async function writeBundle(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new Error(code === 'EEXIST' ? `${path} exists already` : `${path} cannot be written (${code})`);
  }
}

function numbersOf(state: InboxState): object {
  const { seq, session, feed, access, registeredAs, counts } = state;
  const sizes = {
    waiting: state.inbox.size,
    held: state.held.size,
    seen: state.seen.size,
    uploads: state.uploads.size,
  };
  return { seq, session, feed, access, registeredAs, counts, ...sizes };
}

const LATEST = 200;
