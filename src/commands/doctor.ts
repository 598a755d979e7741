import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { processSources } from '../config/process-sources.ts';
import { splitFlags } from '../config/split-flags.ts';
import { collectBundle, writeBundle } from '../doctor/bundle.ts';
import { diagnose, reportDiagnosis } from '../doctor/diagnose.ts';
import { hideSecrets } from '../doctor/hide-secrets.ts';
import { createStderrLogger } from '../stderr-logger.ts';
import { terminalOf } from '../terminal.ts';
import { version } from '../version.ts';

const USAGE = `molecule-inbox doctor [--json] [--bundle FILE] [options]

Looks at everything between the platform and the agent and says what to do.
Changes nothing; may run beside a host. Takes every setting as a flag, as
molecule-inbox itself does (molecule-inbox config lists them).

  --json          for a program
  --bundle FILE   also writes a report to hand on, without secrets and messages

Exit code: 0 all well, 1 warnings, 2 configuration, 3 the token, 4 the platform
cannot be reached.
`;

/**
 * Finds out why nothing arrives, and says what to do. `--json` for a program, `--bundle FILE` for whoever helps. Exits with 0
 * when all is well, 1 on warnings, 2 for the configuration, 3 for the token, 4 when the platform cannot be reached.
 */
export async function runDoctor(args: readonly string[]): Promise<number> {
  const { own, rest, problems } = splitFlags(args, { json: 'switch', bundle: 'text', help: 'switch' });
  if (own.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const logger = createStderrLogger('0');
  for (const problem of problems) logger.error(problem);
  if (problems.length > 0) return 2;

  const home = homedir();
  const diagnosis = await diagnose({
    sources: (parts) => processSources(rest, parts),
    places: { home, workingDirectory: process.cwd(), env: process.env, platform: process.platform },
    script: realpathSync(process.argv[1] ?? ''),
  });
  const { settings, findings, secrets, exitCode } = diagnosis;
  const terminal = terminalOf(process.stdout, process.env);
  process.stdout.write(reportDiagnosis(diagnosis, own.json ? 'program' : terminal));
  if (own.bundle !== undefined) {
    const bundle = `${JSON.stringify(await collectBundle(settings, findings, version), null, 2)}\n`;
    try {
      await writeBundle(own.bundle, hideSecrets(bundle, secrets, home));
      logger.warn(`${own.bundle} holds the report; read it before you hand it on`);
    } catch (error) {
      logger.error(error instanceof Error ? error.message : String(error));
      return 2;
    }
  }
  return exitCode;
}
