import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Given, ID, OTHER_ID, read, write } from './sources.ts';

/** Each place names a workspace with a token of its own, so that the token tells where it came from. */
const THIRD_ID = '1c7e6b0e-2f0f-4f4e-8a54-6b6b3d3b9b02';
const URL = 'https://platform.example';
const SINGLE = { PLATFORM_URL: URL, WORKSPACE_ID: ID, MOLECULE_WORKSPACE_TOKEN: 'of-the-environment' };
const UNNAMED = { PLATFORM_URL: URL, WORKSPACE_ID: ID };
const LIST = {
  PLATFORM_URL: URL,
  MOLECULE_WORKSPACES: JSON.stringify([
    { id: ID, token: 'of-the-list-1' },
    { id: OTHER_ID, token: 'of-the-list-2' },
  ]),
};
const JSON_LIST = { PLATFORM_URL: URL, MOLECULE_WORKSPACES_JSON: LIST.MOLECULE_WORKSPACES };
const COMMAS = {
  MOLECULE_PLATFORM_URL: URL,
  MOLECULE_WORKSPACE_IDS: ID,
  MOLECULE_WORKSPACE_TOKENS: 'of-the-commas',
};
const AUTH = { 'state/.auth_token': 'of-auth-token\n' };
const FILE = {
  'state/config.json': {
    workspaces: [
      { id: OTHER_ID, token: 'of-the-file', platform_url: 'https://file.example' },
      { id: THIRD_ID, token_file: 'mine', platform_url: 'https://file.example' },
    ],
  },
  'state/mine': 'of-the-token-file',
};
const PLUGIN = {
  '.claude/channels/molecule/.env': `MOLECULE_PLATFORM_URL=${URL}\nMOLECULE_WORKSPACE_IDS=${THIRD_ID}\nMOLECULE_WORKSPACE_TOKENS=of-the-plugin\n`,
};
const EVERYWHERE = { ...AUTH, ...FILE, ...PLUGIN };
const asFlag = (id: string) => [`--workspace-id=${id}`];

type Row = readonly [what: string, given: Given, comesTo: readonly string[] | RegExp];

/** `id token` of each workspace, or the problem. */
async function outcome(given: Given): Promise<readonly string[]> {
  const { workspaces, problems } = await read(given);
  return problems.length > 0
    ? problems
    : workspaces.map(({ id, credentials }) => `${id} ${credentials.token()}`);
}

const TABLE: readonly Row[] = [
  // The first place that names a workspace names them all.
  [
    'a list beats all else',
    { env: { ...SINGLE, ...COMMAS, ...LIST }, files: EVERYWHERE },
    [`${ID} of-the-list-1`, `${OTHER_ID} of-the-list-2`],
  ],
  [
    "the plugin's list, a single workspace",
    { env: { ...SINGLE, ...JSON_LIST }, files: EVERYWHERE },
    [`${ID} of-the-list-1`, `${OTHER_ID} of-the-list-2`],
  ],
  ["the plugin's lists, too", { env: { ...SINGLE, ...COMMAS }, files: EVERYWHERE }, [`${ID} of-the-commas`]],
  ['the environment, the files', { env: SINGLE, files: EVERYWHERE }, [`${ID} of-the-environment`]],
  [
    'config.json, the plugin, and .auth_token',
    { files: EVERYWHERE },
    [`${OTHER_ID} of-the-file`, `${THIRD_ID} of-the-token-file`],
  ],
  ['the plugin comes last', { files: { ...AUTH, ...PLUGIN } }, [`${THIRD_ID} of-the-plugin`]],
  ['and .auth_token alone names nothing', { files: AUTH }, /^WORKSPACE_ID is not set/],
  // The exception: one workspace, and its token from the environment, else from .auth_token.
  [
    'a single workspace takes .auth_token, whatever the file says',
    { env: UNNAMED, files: EVERYWHERE },
    [`${ID} of-auth-token`],
  ],
  [
    'but never a token of the file',
    { env: { ...UNNAMED, WORKSPACE_ID: OTHER_ID }, files: { ...FILE, ...PLUGIN } },
    /^MOLECULE_WORKSPACE_TOKEN is not set and there is no \.auth_token/,
  ],
  [
    'nor a list .auth_token',
    { env: { PLATFORM_URL: URL, MOLECULE_WORKSPACES: JSON.stringify([{ id: ID }]) }, files: EVERYWHERE },
    /^MOLECULE_WORKSPACES\[0\] needs an "id" and a "token"/,
  ],
  // --workspace-id chooses among what is named.
  [
    'a flag chooses from a list',
    { env: LIST, args: asFlag(OTHER_ID.toUpperCase()), files: EVERYWHERE },
    [`${OTHER_ID} of-the-list-2`],
  ],
  ['from config.json', { args: asFlag(OTHER_ID), files: EVERYWHERE }, [`${OTHER_ID} of-the-file`]],
  [
    'from config.json, with its token file',
    { args: asFlag(THIRD_ID), files: EVERYWHERE },
    [`${THIRD_ID} of-the-token-file`],
  ],
  ['from the plugin', { args: asFlag(THIRD_ID), files: PLUGIN }, [`${THIRD_ID} of-the-plugin`]],
  [
    'the single one of the environment',
    { env: SINGLE, args: asFlag(ID), files: EVERYWHERE },
    [`${ID} of-the-environment`],
  ],
  [
    'with .auth_token, as without the flag',
    { env: UNNAMED, args: asFlag(ID), files: EVERYWHERE },
    [`${ID} of-auth-token`],
  ],
  // One that is named nowhere takes a token that is nobody else's.
  [
    'one named nowhere takes the environment’s token',
    {
      env: { PLATFORM_URL: URL, MOLECULE_WORKSPACE_TOKEN: 'of-the-environment' },
      args: asFlag(ID),
      files: EVERYWHERE,
    },
    [`${ID} of-the-environment`],
  ],
  [
    'or .auth_token, while nothing else names a workspace',
    { env: { PLATFORM_URL: URL }, args: asFlag(ID), files: AUTH },
    [`${ID} of-auth-token`],
  ],
  [
    'and its token file before either',
    { env: { ...SINGLE, ...LIST }, args: [...asFlag(THIRD_ID), '--token-file=mine'], files: EVERYWHERE },
    [`${THIRD_ID} of-the-token-file`],
  ],
  // Never the token of another one.
  [
    'not the token of WORKSPACE_ID',
    { env: SINGLE, args: asFlag(OTHER_ID), files: EVERYWHERE },
    /^--workspace-id has no token: MOLECULE_WORKSPACE_TOKEN is that of WORKSPACE_ID, \.auth_token counts only while nothing else names a workspace; for example --token-file=/,
  ],
  [
    'not .auth_token, which is that of WORKSPACE_ID',
    { env: UNNAMED, args: asFlag(OTHER_ID), files: AUTH },
    /^--workspace-id has no token: \.auth_token counts only/,
  ],
  [
    'not .auth_token beside a list',
    { env: LIST, args: asFlag(THIRD_ID), files: AUTH },
    /^--workspace-id has no token: \.auth_token counts only/,
  ],
  [
    'nor beside one that cannot be read',
    { env: { PLATFORM_URL: URL, MOLECULE_WORKSPACES: '[' }, args: asFlag(THIRD_ID), files: AUTH },
    /^--workspace-id has no token: \.auth_token counts only/,
  ],
  [
    'not .auth_token beside config.json',
    { env: { PLATFORM_URL: URL }, args: asFlag(ID), files: { ...AUTH, ...FILE } },
    /^--workspace-id has no token: \.auth_token counts only/,
  ],
  [
    'not a token for another platform',
    { args: [...asFlag(OTHER_ID), '--platform-url=https://elsewhere.example'], files: FILE },
    /^--workspace-id has no token: config\.json: workspaces\[0\] names it on another platform than --platform-url; for example --token-file=/,
  ],
  [
    'though the same platform may be spelt in another way',
    { args: [...asFlag(OTHER_ID), '--platform-url=https://FILE.example:443/'], files: FILE },
    [`${OTHER_ID} of-the-file`],
  ],
  [
    'and nothing at all is said so',
    { env: { PLATFORM_URL: URL }, args: asFlag(ID) },
    /^--workspace-id has no token; for example --token-file=/,
  ],
  [
    'a token file alone names no workspace',
    { env: SINGLE, args: ['--token-file=mine'], files: EVERYWHERE },
    /^--token-file goes with --workspace-id/,
  ],
];

describe('which workspaces are joined, and with which token', () => {
  it.each(TABLE)('%s', async (_what, given, comesTo) => {
    const [first, ...others] = await outcome(given);
    if (comesTo instanceof RegExp) expect(first).toMatch(comesTo);
    else expect([first, ...others]).toEqual(comesTo);
  });

  it('what the file names is pointed out where the environment names half of it', async () => {
    const given = { env: { ...UNNAMED, WORKSPACE_ID: OTHER_ID }, files: FILE };
    expect(await outcome(given)).toEqual([
      expect.stringMatching(/^MOLECULE_WORKSPACE_TOKEN is not set/),
      'config.json names workspaces, too: they count while WORKSPACE_ID is not set',
    ]);
  });

  it('a token that the flag has chosen is read again from where it stands', async () => {
    const { workspaces, home } = await read({ args: asFlag(OTHER_ID), files: FILE });
    write(join(home, 'state/config.json'), { workspaces: [{ id: OTHER_ID, token: 'renewed' }] });
    expect(await workspaces[0]?.credentials.refresh()).toBe(true);
    expect(workspaces[0]?.credentials.token()).toBe('renewed');
  });
});

describe('what an option is', () => {
  const config = { 'state/config.json': { poll_secs: 4, heartbeat_secs: 11, agent_name: 'file' } };
  const plugin = {
    '.claude/channels/molecule/.env': `${PLUGIN['.claude/channels/molecule/.env']}MOLECULE_POLL_INTERVAL_MS=6000\nMOLECULE_AGENT_NAME=plugin\nMOLECULE_AGENT_DESC=borrowed\n`,
  };
  it.each([
    [
      'flag',
      { args: ['--poll-secs=2'], env: { MOLECULE_POLL_SECS: '3' }, files: { ...config, ...plugin } },
      2,
    ],
    ['environment', { env: { MOLECULE_POLL_SECS: '3' }, files: { ...config, ...plugin } }, 3],
    [
      'environment, the plugin’s variable',
      { env: { MOLECULE_POLL_INTERVAL_MS: '3500' }, files: config },
      3.5,
    ],
    ['file', { files: { ...config, ...plugin } }, 4],
    ['plugin', { files: plugin }, 6],
    ['default', {}, 5],
  ] as const)('%s', async (_where, given, secs) => {
    expect((await read(given)).options.values.pollSecs).toBe(secs);
  });
});
