import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { LocalPlatform } from '../../src/local-platform/local-platform.ts';
import { outsidePath } from '../conformance/commands.ts';
import type { Cli } from '../support/cli.ts';
import { startTestPlatform, type TestWorkspace } from '../support/local-platform.ts';
import { createTempFolder } from '../support/temp-folder.ts';

/** A new user's machine: an empty home directory, the hosts on the PATH, a workspace on a platform. */
export interface Installation {
  readonly platform: LocalPlatform;
  readonly workspace: TestWorkspace;
  readonly home: string;
  /** Runs a command line in a shell, in a project folder; resolves with what it printed. Rejects unless it exits with 0. */
  run(line: string, env?: Readonly<Record<string, string>>): Promise<string>;
  /** Runs the built program. */
  program(...args: readonly string[]): Promise<string>;
}

/** Makes such a machine, configured by `init` with these further arguments. */
export async function install(cli: Cli, ...initArgs: readonly string[]): Promise<Installation> {
  const platform = await startTestPlatform();
  const workspace = platform.createWorkspace({ name: 'Laptop' });
  const home = createTempFolder('home');
  const project = join(home, 'project');
  mkdirSync(project);
  const execute = async (
    file: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ) => {
    const { stdout, stderr } = await promisify(execFile)(file, [...args], {
      cwd: project,
      env: { PATH: outsidePath(), HOME: home, ...env },
      timeout: 100_000,
    });
    return `${stdout}${stderr}`;
  };
  const program = (...args: readonly string[]) => execute(process.execPath, [cli.path, ...args]);
  const given = [`--platform-url=${platform.url}`, `--workspace-id=${workspace.id}`];
  await execute(process.execPath, [cli.path, 'init', ...given, ...initArgs], {
    MOLECULE_WORKSPACE_TOKEN: workspace.token,
  });
  return { platform, workspace, home, run: (line, env) => execute('/bin/sh', ['-c', line], env), program };
}
