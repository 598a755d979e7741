import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useCli } from '../support/cli.ts';
import { createTempFolder } from '../support/temp-folder.ts';

const ID = '6f1f0b8e-4d3c-4a59-9d35-0c7f0f6f2a11';
const OTHER_ID = '0b7e6b0e-2f0f-4f4e-8a54-6b6b3d3b9b01';
const TOKEN = 'wsT-SECRET-that-nobody-may-ever-read';
const SINGLE = {
  PLATFORM_URL: 'https://platform.example',
  WORKSPACE_ID: ID,
  MOLECULE_WORKSPACE_TOKEN: TOKEN,
};
const cli = useCli();

/** A case: what is set, and what each line must say, in order. */
interface BadConfiguration {
  readonly what: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** Below the home directory; the state directory is `state`. */
  readonly files?: Readonly<Record<string, string>>;
  readonly says: readonly RegExp[];
}

const several = (value: unknown) => ({
  PLATFORM_URL: 'https://platform.example',
  MOLECULE_WORKSPACES: typeof value === 'string' ? value : JSON.stringify(value),
});
const good = { id: ID, token: TOKEN };

const CASES: readonly BadConfiguration[] = [
  // C6-4, C6-5
  {
    what: 'nothing at all',
    says: [
      /WORKSPACE_ID is not set; for example WORKSPACE_ID=6f1f0b8e.*init/,
      /PLATFORM_URL is not set; for example/,
    ],
  },
  {
    what: 'an id without a token',
    env: { ...SINGLE, MOLECULE_WORKSPACE_TOKEN: '  ' },
    says: [/MOLECULE_WORKSPACE_TOKEN is not set and there is no \.auth_token.*for example/],
  },
  {
    what: 'no platform',
    env: { ...SINGLE, PLATFORM_URL: '' },
    says: [/PLATFORM_URL is not set; expected for example https:\/\/platform\.example/],
  },
  // The six error shapes of C6-3
  {
    what: 'E1: no JSON',
    env: several(`[{"id":"${ID}","token":"${TOKEN}"`),
    says: [/MOLECULE_WORKSPACES is not valid JSON.*for example/],
  },
  {
    what: 'E2: no array',
    env: several({ id: ID, token: TOKEN }),
    says: [/MOLECULE_WORKSPACES must be a JSON array.*not object; .*for example/],
  },
  {
    what: 'E3: an empty array',
    env: several([]),
    says: [/MOLECULE_WORKSPACES must be .*at least one workspace, not an empty array.*for example/],
  },
  {
    what: 'E4: no object',
    env: several([good, TOKEN]),
    says: [/MOLECULE_WORKSPACES\[1\] must be an object, not string.*for example/],
  },
  {
    what: 'E5: no id, no token, each entry told',
    env: several([{ token: TOKEN }, good, { id: OTHER_ID, token: ' ' }]),
    says: [
      /MOLECULE_WORKSPACES\[0\] needs an "id" and a "token".*for example/,
      /MOLECULE_WORKSPACES\[2\] needs/,
    ],
  },
  {
    what: 'E6: an id again, each time',
    env: several([good, good, good]),
    says: [
      /MOLECULE_WORKSPACES\[1\] repeats the "id" of MOLECULE_WORKSPACES\[0\]/,
      /MOLECULE_WORKSPACES\[2\] repeats/,
    ],
  },
  // What the platform can never accept
  ...[null, 5, true, []].map((id) => ({
    what: `W-54: the id ${JSON.stringify(id)}`,
    env: several([{ id, token: TOKEN }]),
    says: [/MOLECULE_WORKSPACES\[0\] needs an "id" and a "token", both non-blank text/],
  })),
  {
    what: 'W-27: an id with a slash',
    env: { ...SINGLE, WORKSPACE_ID: '../../etc' },
    says: [/WORKSPACE_ID is not a UUID; expected for example/],
  },
  {
    what: 'id and token swapped',
    env: { ...SINGLE, WORKSPACE_ID: TOKEN },
    says: [/WORKSPACE_ID is not a UUID/],
  },
  {
    what: 'the same workspace twice, in another case',
    env: several([good, { id: ID.toUpperCase(), token: 'other' }]),
    says: [/MOLECULE_WORKSPACES\[1\]\.id names the same workspace/],
  },
  {
    what: 'W-48: a token with a line break',
    env: { ...SINGLE, MOLECULE_WORKSPACE_TOKEN: `${TOKEN}\nx: y` },
    says: [/MOLECULE_WORKSPACE_TOKEN contains white space/],
  },
  {
    what: 'W-48: a token that fits in no header',
    env: several([{ id: ID, token: `${TOKEN}é` }]),
    says: [/MOLECULE_WORKSPACES\[0\]\.token contains a character outside printable ASCII/],
  },
  ...(
    [
      ['ftp://platform.example', /does not begin with http/],
      ['platform.example', /does not begin with http/],
      [`https://${TOKEN}@platform.example`, /contains a user name or password/],
      [`https://platform.example/?token=${TOKEN}`, /contains a query/],
      ['https://', /is not a URL/],
    ] as const
  ).map(([url, reason]) => ({
    what: `W-34: the URL ${url.replace(TOKEN, '…')}`,
    env: { ...SINGLE, PLATFORM_URL: url },
    says: [new RegExp(`PLATFORM_URL ${reason.source}.*for example`)],
  })),
  {
    what: 'W-34: the URL of one entry',
    env: several([good, { id: OTHER_ID, token: TOKEN, platform_url: 'gopher://x' }]),
    says: [/MOLECULE_WORKSPACES\[1\]\.platform_url does not begin with http/],
  },
  // Files
  {
    what: 'W-27: CONFIGS_DIR is a file',
    env: { ...SINGLE, CONFIGS_DIR: '~/state/plain' },
    files: { 'state/plain': 'x' },
    says: [/CONFIGS_DIR/],
  },
  {
    what: 'W-27: a token file that is no UTF-8',
    env: { ...SINGLE, MOLECULE_WORKSPACE_TOKEN: '' },
    files: { 'state/.auth_token': '\xff\xfe' },
    says: [/\.auth_token contains a character outside printable ASCII/],
  },
  {
    what: 'an empty token file',
    env: { ...SINGLE, MOLECULE_WORKSPACE_TOKEN: '' },
    files: { 'state/.auth_token': '\n' },
    says: [/MOLECULE_WORKSPACE_TOKEN is not set/, /\.auth_token is empty/],
  },
  {
    what: 'a token file that is missing, one that is empty and one that is a folder',
    env: several([
      { id: ID, token_file: 'nowhere' },
      { id: OTHER_ID, token_file: 'empty' },
      { id: OTHER_ID.replace('0b', '0c'), token_file: '.' },
    ]),
    files: { 'state/empty': '' },
    says: [
      /MOLECULE_WORKSPACES\[0\]\.token_file names does not exist/,
      /MOLECULE_WORKSPACES\[1\]\.token_file names is empty/,
      /MOLECULE_WORKSPACES\[2\]\.token_file names is no regular file/,
    ],
  },
  {
    what: 'config.json is torn',
    env: SINGLE,
    files: { 'state/config.json': `{"workspaces":[{"token":"${TOKEN}"` },
    says: [/config\.json is not valid JSON; repair it, or move it away and run molecule-inbox init/],
  },
  {
    what: 'config.json is a list',
    env: SINGLE,
    files: { 'state/config.json': `["${TOKEN}"]` },
    says: [/config\.json must hold a JSON object; for example/],
  },
  {
    what: 'config.json has wrong values',
    files: {
      'state/config.json': JSON.stringify({
        workspaces: [{ ...good, platform_url: 'https://a.example' }],
        poll_secs: 'soon',
        heartbeat_secs: 600,
      }),
    },
    says: [
      /config\.json: heartbeat_secs must be a number from 0\.05 to 70/,
      /config\.json: poll_secs must be a number from 0\.05 to 3600; for example 5/,
    ],
  },
  {
    what: 'config.json has a value of another type',
    env: SINGLE,
    files: { 'state/config.json': '{"poll_secs":[5]}' },
    says: [/config\.json: poll_secs must be a number/],
  },
  {
    what: 'config.json names a bad workspace',
    files: { 'state/config.json': JSON.stringify({ workspaces: [{ token: TOKEN }] }) },
    says: [/config\.json: workspaces\[0\] needs an "id"/],
  },
  {
    what: 'SSL_CERT_FILE is missing',
    env: { ...SINGLE, SSL_CERT_FILE: '/nowhere.pem' },
    says: [/the file that SSL_CERT_FILE names does not exist/],
  },
  {
    what: 'SSL_CERT_FILE holds something else',
    env: { ...SINGLE, SSL_CERT_FILE: 'package.json' },
    says: [/the file that SSL_CERT_FILE names holds no certificate in PEM/],
  },
  // Options and flags
  {
    what: 'numbers that are none, or too large, all told',
    env: {
      ...SINGLE,
      MOLECULE_POLL_SECS: 'often',
      MOLECULE_HEARTBEAT_SECS: '600',
      MOLECULE_PUSH_WINDOW: '1.5',
      MOLECULE_UPLOAD_MAX_BYTES: '-1',
    },
    says: [
      /MOLECULE_HEARTBEAT_SECS must be a number from 0\.05 to 70/,
      /MOLECULE_POLL_SECS must be a number from 0\.05 to 3600; for example 5/,
      /MOLECULE_PUSH_WINDOW must be a whole number/,
      /MOLECULE_UPLOAD_MAX_BYTES must be a whole number of at least 0/,
    ],
  },
  {
    what: 'a proxy that is none',
    env: { ...SINGLE, HTTPS_PROXY: `socks5://user:${TOKEN}@host` },
    says: [/HTTPS_PROXY must be the URL of an http or https proxy; for example/],
  },
  {
    what: 'an org id that fits in no header',
    env: { ...SINGLE, MOLECULE_ORG_ID: 'a b' },
    says: [/MOLECULE_ORG_ID must be printable ASCII/],
  },
  {
    what: 'a flag with a bad value',
    env: SINGLE,
    args: ['--poll-secs', TOKEN],
    says: [/--poll-secs must be a number/],
  },
  {
    what: 'an unknown flag',
    env: SINGLE,
    args: [`--pol-secs=${TOKEN}`],
    says: [/there is no flag --pol-secs/],
  },
  {
    what: 'a token as a flag',
    env: SINGLE,
    args: ['--token', TOKEN],
    says: [/there is no flag --token: everybody on this machine could read it/],
  },
  {
    what: 'a flag without its value',
    env: SINGLE,
    args: ['--poll-secs'],
    says: [/--poll-secs needs a value/],
  },
  { what: 'a switch with a value', env: SINGLE, args: ['--verbose=1'], says: [/--verbose takes no value/] },
  { what: 'a stray argument', env: SINGLE, args: ['--verbose', TOKEN], says: [/belongs to no flag/] },
  // Several kinds at once
  {
    what: 'everything at once',
    env: { WORKSPACE_ID: TOKEN, MOLECULE_WORKSPACE_TOKEN: 'a b', PLATFORM_URL: 'x', MOLECULE_POLL_SECS: 'x' },
    says: [
      /MOLECULE_POLL_SECS must be/,
      /WORKSPACE_ID is not a UUID/,
      /MOLECULE_WORKSPACE_TOKEN contains white space/,
      /PLATFORM_URL does not begin/,
    ],
  },
];

describe('W-27, W-34, W-48, W-54: bad configuration ends the program with exit code 2 and one clear line for each problem', () => {
  it.each(CASES)('$what', async ({ env = {}, args = [], files = {}, says }) => {
    const home = createTempFolder('home');
    const state = join(home, 'state');
    mkdirSync(state, { mode: 0o700 });
    for (const [path, text] of Object.entries(files))
      writeFileSync(join(home, path), Buffer.from(text, 'latin1'), { mode: 0o600 });
    const variables = { HOME: home, CONFIGS_DIR: state, ...env };
    const inHome = Object.fromEntries(
      Object.entries(variables).map(([name, value]) => [name, value.replace('~/', `${home}/`)]),
    );

    const { code, stdout, stderr } = await cli.run(['serve', ...args], { env: inHome });
    const lines = stderr.trimEnd().split('\n');
    expect(lines).toEqual(says.map((pattern) => expect.stringMatching(pattern)));
    for (const line of lines)
      expect(line).toMatch(/^\[molecule-inbox\] .*(for example |run molecule-inbox )/);
    expect(stderr).not.toContain('SECRET');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });
});
