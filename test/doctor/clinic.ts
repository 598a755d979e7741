import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { resolveStateDirectory } from '../../adapters/state-directory/resolve.ts';
import { diagnose, reportDiagnosis } from '../../src/doctor/diagnose.ts';
import type { Finding, FindingStatus } from '../../src/doctor/finding.ts';
import type { LocalPlatform } from '../../src/local-platform/local-platform.ts';
import type { LocalPlatformOptions } from '../../src/local-platform/options.ts';
import { type BridgeProcess, startBridgeProcess } from '../support/bridge-process.ts';
import type { Cli } from '../support/cli.ts';
import { startTestPlatform, type TestWorkspace } from '../support/local-platform.ts';
import { createTempFolder } from '../support/temp-folder.ts';

/** An installation on a home directory of its own, and its platform. */
export interface Patient {
  readonly platform: LocalPlatform;
  readonly workspace: TestWorkspace;
  /** Home and state directory. */
  readonly home: string;
  /** Starts the program as a host would. */
  start(env?: Readonly<Record<string, string>>): Promise<BridgeProcess>;
  /** What a command that looks at it gets as its environment. */
  readonly env: Readonly<Record<string, string>>;
  /** Examines it; checks that the report hides the token and, without a bridge beside it, changes nothing. */
  examine(env?: Readonly<Record<string, string>>, timeoutMs?: number): Promise<Examination>;
}

/** What doctor found. */
export interface Examination {
  readonly code: number;
  /** As `doctor --json` says it. */
  readonly report: string;
  readonly findings: readonly Finding[];
  /** The findings of a check, as `status: says`. */
  of(check: string): readonly string[];
  /** The checks that have this status. */
  having(status: FindingStatus): readonly string[];
}

/** An installation with a host's entry, so that nothing is wrong until a test makes it so. */
export async function createPatient(cli: Cli, options: LocalPlatformOptions = {}): Promise<Patient> {
  const platform = await startTestPlatform(options);
  const workspace = platform.createWorkspace({ name: 'agent' });
  let started = false;
  const home = createTempFolder('home');
  const entry = { command: 'node', args: [cli.path] };
  writeFileSync(join(home, '.claude.json'), JSON.stringify({ mcpServers: { molecule: entry } }));
  const own = {
    HOME: home,
    CONFIGS_DIR: home,
    PLATFORM_URL: platform.url,
    WORKSPACE_ID: workspace.id,
    MOLECULE_WORKSPACE_TOKEN: workspace.token,
  };
  return {
    platform,
    workspace,
    home,
    start(env = {}) {
      started = true;
      return startBridgeProcess(platform, {
        program: cli.path,
        workspaces: [workspace],
        stateFolder: home,
        env,
      });
    },
    env: own,
    async examine(env = {}, timeoutMs) {
      const before = platform.requests.seen.length;
      const places = { home, workingDirectory: home, env: { ...own, ...env }, platform: process.platform };
      const diagnosis = await diagnose({
        sources: (parts) => ({
          env: places.env,
          args: [],
          home,
          stateDirectory: (configsDir) => resolveStateDirectory({ configsDir, home, ...parts }),
        }),
        places,
        script: cli.path,
        ...(timeoutMs === undefined ? {} : { timeoutMs }),
      });
      // A feature is looked for with a request that is always refused.
      const done = platform.requests.seen.slice(before).filter(({ status }) => (status ?? 0) < 400);
      if (!started) expect(done.filter(({ method }) => method !== 'GET')).toEqual([]);
      const report = reportDiagnosis(diagnosis, 'program');
      expect(report).not.toContain(workspace.token);
      const { findings } = JSON.parse(report) as { findings: Finding[] };
      return {
        code: diagnosis.exitCode,
        report,
        findings,
        of: (check) =>
          findings
            .filter((finding) => finding.check === check)
            .map(({ status, says }) => `${status}: ${says}`),
        having: (status) => findings.filter((finding) => finding.status === status).map(({ check }) => check),
      };
    },
  };
}
