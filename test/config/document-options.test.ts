import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { documentOptions, renewDocument } from '../../src/config/document-options.ts';
import { keyOf, optionNames, options } from '../../src/config/options.ts';

it('docs/configuration.md is current: else run npm run docs', () => {
  const document = readFileSync('docs/configuration.md', 'utf8');
  expect(document).toBe(renewDocument(document));
});

it('every option says what it is, once', () => {
  const lines = documentOptions().split('\n').slice(2);
  expect(lines).toHaveLength(optionNames.length);
  expect(new Set(lines.map((line) => line.length)).size).toBe(1);
  const variables = optionNames.map((name) => options[name].variable);
  expect(new Set(variables).size).toBe(variables.length);
  for (const name of optionNames) {
    expect(options[name].about).toMatch(/\.$/);
    expect(keyOf(name)).toMatch(/^[a-z_]+$/);
  }
});

it('every variable of the Python client and of the channel plugin is documented', () => {
  const document = readFileSync('docs/configuration.md', 'utf8');
  for (const variable of [...OF_THE_CLIENT, ...OF_THE_PLUGIN]) expect(document).toContain(`\`${variable}\``);
});

it('every variable of the Python client is honoured, or listed as dropped in docs/differences.md', () => {
  const dropped = differences().flatMap((row) => /^\|([^|]*)\| dropped\b/.exec(row)?.[1] ?? []);
  const honoured = optionNames.flatMap((name) => [options[name].variable, ...options[name].aliases]);
  for (const variable of OF_THE_CLIENT) {
    const isDropped = dropped.some((names) => names.includes(`\`${variable}\``));
    expect([variable, isDropped]).toEqual([variable, ![...honoured, ...READ_APART].includes(variable)]);
  }
});

it('docs/differences.md names every weakness of the Python client', () => {
  const named = differences().flatMap((row) => {
    const [last = ''] = row.split('|').slice(-2);
    return last.includes('C') ? [] : [...last.matchAll(/\d+/g)].map(([number]) => Number(number));
  });
  expect([...new Set(named)].sort((one, other) => one - other)).toEqual(
    Array.from({ length: 71 }, (_, index) => index + 1),
  );
});

function differences(): readonly string[] {
  return readFileSync('docs/differences.md', 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| '));
}

/** Those that name a workspace, and the home directory. */
const READ_APART = ['MOLECULE_WORKSPACES', 'WORKSPACE_ID', 'MOLECULE_WORKSPACE_TOKEN', 'HOME'];

/** reference-behaviour.md §2.1, with the variables of its HTTP client. */
const OF_THE_CLIENT = [
  'PLATFORM_URL',
  'MOLECULE_WORKSPACES',
  'WORKSPACE_ID',
  'MOLECULE_WORKSPACE_TOKEN',
  'CONFIGS_DIR',
  'HOME',
  'MOLECULE_MCP_DISABLE_HEARTBEAT',
  'MOLECULE_MCP_DISABLE_INBOX',
  'MOLECULE_MCP_VERBOSE',
  'MOLECULE_MCP_POLL_TIMEOUT_SECS',
  'MOLECULE_AGENT_NAME',
  'MOLECULE_AGENT_DESCRIPTION',
  'MOLECULE_AGENT_SKILLS',
  'DELEGATION_SYNC_VIA_INBOX',
  'DELEGATION_TIMEOUT',
  'WORKSPACE_CONFIG_PATH',
  'WORKSPACE_TIER',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'ALL_PROXY',
  'NO_PROXY',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
];

/** The plugin's own documentation. */
const OF_THE_PLUGIN = [
  'MOLECULE_WORKSPACES_JSON',
  'MOLECULE_WORKSPACE_IDS',
  'MOLECULE_WORKSPACE_TOKENS',
  'MOLECULE_PLATFORM_URL',
  'MOLECULE_PLATFORM_URLS',
  'MOLECULE_POLL_INTERVAL_MS',
  'MOLECULE_POLL_WINDOW_SECS',
  'MOLECULE_HEARTBEAT_INTERVAL_MS',
  'MOLECULE_AGENT_DESC',
  'MOLECULE_AUTO_REGISTER_POLL',
  'MOLECULE_STATE_DIR',
];
