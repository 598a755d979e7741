import { once } from 'node:events';
import { parseArgs } from 'node:util';
import { canvasUrl } from '../canvas/route.ts';
import { type LocalPlatform, startLocalPlatform } from '../local-platform/local-platform.ts';
import type { LocalPlatformOptions } from '../local-platform/options.ts';
import { type Profile, profiles } from '../local-platform/profile.ts';

const usage = `molecule-inbox local-platform [options]

A stand-in for the Molecule platform on 127.0.0.1, for trials and tests.
Everything is forgotten when it ends.

  --workspace NAME       makes a workspace for an agent, and says how to join it
  --port P               port to listen on (default: a free one)
  --admin-token T        the operator's credential (default: a random one)
  --profile may|head     generation of the server (default: may)
  --rate-limit N         requests a minute and client (RATE_LIMIT, else 600)
  --max-file-bytes N     largest uploaded file (default: the generation's own)
  --max-request-bytes N  largest upload request (default: the generation's own)
  --delegation-results   delegation results also come as inbox rows
  --delegation-ledger    delegations are kept in a ledger (head)
`;

/** Where the command writes, and what ends it. */
export interface CommandIo {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Resolves when the command is to end. */
  readonly ended: () => Promise<unknown>;
}

const processIo: CommandIo = {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  ended: () => Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]),
};

/**
 * Runs the local platform until SIGINT or SIGTERM. What a person needs goes to stdout: this command speaks no MCP.
 *
 * @param argv the arguments after the command's name.
 * @returns the exit code: 0 after a signal, 1 when the port cannot be used, 2 for wrong arguments.
 */
export async function runLocalPlatform(argv: string[], io: CommandIo = processIo): Promise<number> {
  const read = readOptions(argv);
  if (read === 'help') {
    io.out(usage);
    return 0;
  }
  if ('wrong' in read) {
    io.err(`molecule-inbox local-platform: ${read.wrong}\n\n${usage}`);
    return 2;
  }

  let platform: LocalPlatform;
  try {
    platform = await startLocalPlatform({ ...read.options, log: (line) => io.err(`${line}\n`) });
  } catch (error) {
    io.err(`molecule-inbox local-platform: cannot listen: ${String(error)}\n`);
    return 1;
  }
  io.out(greeting(platform, read.options.adminToken !== undefined, read.workspace));
  await io.ended();
  await platform.close();
  return 0;
}

function greeting(platform: LocalPlatform, tokenIsKnown: boolean, name: string | null): string {
  const workspace = name === null ? null : platform.createWorkspace({ name });
  const token = tokenIsKnown ? '<your admin token>' : platform.adminToken;
  return `local platform (${platform.profile()}) on ${platform.url}
admin token: ${tokenIsKnown ? 'the one you gave' : token}
canvas: ${tokenIsKnown ? `${platform.url}/` : canvasUrl(platform)}

${workspace ? joining(platform.url, workspace) : making(platform.url, token)}

Write to it as its user, in the canvas or so:
  curl -s ${platform.url}/workspaces/${workspace?.id ?? '<id>'}/a2a -H 'Authorization: Bearer ${token}' \\
    -d '{"method":"message/send","params":{"message":{"role":"user","parts":[{"kind":"text","text":"hello"}]}}}'
`;
}

function making(url: string, token: string): string {
  return `Make a workspace for an agent (its id is "id" in the reply, its token "auth_token"):
  curl -s ${url}/workspaces -H 'Authorization: Bearer ${token}' \\
    -d '{"name":"agent","runtime":"external","external":true,"delivery_mode":"poll"}'`;
}

function joining(url: string, { id, token }: { readonly id: string; readonly token: string }): string {
  return `Join its workspace ${id}:
  echo ${token} | molecule-inbox init \\
    --platform-url=${url} --workspace-id=${id} --token-stdin`;
}

/** The options, `help`, or what is wrong with them. */
function readOptions(
  argv: string[],
): { options: LocalPlatformOptions; workspace: string | null } | { wrong: string } | 'help' {
  let values: ReturnType<typeof parse>;
  try {
    values = parse(argv);
  } catch (error) {
    return { wrong: error instanceof Error ? error.message : String(error) };
  }
  if (values.help) return 'help';

  const numbers: Partial<Record<'port' | 'rateLimit' | 'maxFileBytes' | 'maxRequestBytes', number>> = {};
  const given = {
    port: values.port,
    rateLimit: values['rate-limit'] ?? (process.env.RATE_LIMIT || undefined),
    maxFileBytes: values['max-file-bytes'],
    maxRequestBytes: values['max-request-bytes'],
  };
  for (const [name, text] of Object.entries(given)) {
    if (text === undefined) continue;
    if (!/^\d{1,15}$/.test(text)) return { wrong: `${name} must be a whole number, not "${text}"` };
    numbers[name as keyof typeof numbers] = Number(text);
  }
  if (numbers.port !== undefined && numbers.port > 65_535)
    return { wrong: `there is no port ${numbers.port}` };
  const profile = values.profile ?? 'may';
  if (!isProfile(profile)) {
    return { wrong: `there is no profile "${profile}"; there are ${profiles.join(' and ')}` };
  }
  const options = {
    ...numbers,
    profile,
    ...(values['admin-token'] !== undefined && { adminToken: values['admin-token'] }),
    delegationResultsToInbox: values['delegation-results'] ?? false,
    delegationLedger: values['delegation-ledger'] ?? false,
  };
  return { options, workspace: values.workspace ?? null };
}

function parse(argv: string[]) {
  return parseArgs({
    args: argv,
    options: {
      workspace: { type: 'string' },
      port: { type: 'string' },
      'admin-token': { type: 'string' },
      profile: { type: 'string' },
      'rate-limit': { type: 'string' },
      'max-file-bytes': { type: 'string' },
      'max-request-bytes': { type: 'string' },
      'delegation-results': { type: 'boolean' },
      'delegation-ledger': { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  }).values;
}

const isProfile = (text: string): text is Profile => profiles.some((profile) => profile === text);
