import { realpathSync } from 'node:fs';
import { homedir } from 'node:os';
import { text as readAll } from 'node:stream/consumers';
import { createDisk } from '../../adapters/disk/disk.ts';
import { processSources } from '../config/process-sources.ts';
import { splitFlags } from '../config/split-flags.ts';
import { createAsker } from '../init/ask.ts';
import { configure } from '../init/configure.ts';
import { hosts } from '../init/hosts/hosts.ts';
import { launchOf } from '../init/launch.ts';
import { chooseHosts, showHosts, writeHosts } from '../init/tell-hosts.ts';
import { createStderrLogger } from '../stderr-logger.ts';
import { version } from '../version.ts';

const USAGE = `molecule-inbox init [options]

Checks a workspace's token with the platform, writes the configuration, and
shows what each host needs. What is not given it asks for, at a terminal.

  --platform-url URL   the platform
  --workspace-id ID    the workspace
  --token-file FILE    its token, which stays in that file; or:
  --token-stdin        its token comes on stdin; or set MOLECULE_WORKSPACE_TOKEN
  --org-id ID          sent as X-Molecule-Org-Id, for hosted tenants
  --import             take what the environment or the channel plugin names
  --no-check           do not ask the platform
  --write HOST,HOST    write it into the host's own file
  --host HOST,HOST     show only these hosts
  --name NAME          the server's name in the host (molecule)

Hosts: ${hosts.map(({ id }) => id).join(', ')}.
Any other setting given as a flag (--agent-name, --https-proxy …) is written
into the configuration, too.
`;

/**
 * Sets the program up for a person. Exits with 2 when something given can never work, 3 when the platform does not accept
 * the token, 4 when it cannot be reached; then nothing was written.
 */
export async function runInit(args: readonly string[]): Promise<number> {
  const { own, rest, problems } = splitFlags(args, {
    write: 'text',
    host: 'text',
    name: 'text',
    import: 'switch',
    'no-check': 'switch',
    'token-stdin': 'switch',
    help: 'switch',
  });
  const logger = createStderrLogger('0');
  const tell = (line: string) => void process.stdout.write(`${line}\n`);
  if (own.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const toWrite = chooseHosts(own.write);
  const toShow = chooseHosts(own.host);
  const name = own.name ?? 'molecule';
  const wrong = [
    ...problems,
    ...('problem' in toWrite ? [toWrite.problem] : []),
    ...('problem' in toShow ? [toShow.problem] : []),
    ...(/^[\w-]{1,64}$/.test(name) ? [] : ['--name takes letters, digits, - and _']),
  ];
  if (wrong.length > 0 || 'problem' in toWrite || 'problem' in toShow) {
    for (const line of wrong) logger.error(line);
    return 2;
  }

  const mayAsk = process.stdin.isTTY && !own['token-stdin'];
  const asker = mayAsk ? createAsker({ input: process.stdin, output: process.stdout }) : null;
  const sources = processSources(rest, { disk: createDisk({ logger }), logger });
  const configured = await configure({
    sources,
    imports: own.import,
    checks: !own['no-check'],
    readToken: own['token-stdin'] ? () => readAll(process.stdin) : null,
    asker,
    tell,
    logger,
  }).finally(() => asker?.close());
  if (!configured.ok) return configured.exitCode;

  const telling = {
    places: {
      home: homedir(),
      workingDirectory: process.cwd(),
      env: process.env,
      platform: process.platform,
    },
    name,
    launch: launchOf({
      execPath: process.execPath,
      script: realpathSync(process.argv[1] ?? ''),
      version,
      configsDir: configured.configsDir,
    }),
    tell,
  };
  try {
    await writeHosts(toWrite, telling);
  } catch (error) {
    logger.error(error instanceof Error ? error.message : String(error));
    return 2;
  }
  if (toShow.length > 0 || toWrite.length === 0) showHosts(toShow.length > 0 ? toShow : hosts, telling);
  tell('');
  if (toWrite.length === 0)
    tell('`molecule-inbox init --write HOST` puts it into the file of a host for you.');
  tell('Then `molecule-inbox doctor` says whether everything works.');
  return 0;
}
