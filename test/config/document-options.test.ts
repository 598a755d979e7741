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
  for (const variable of KNOWN_ELSEWHERE) expect(document).toContain(`\`${variable}\``);
});

/** reference-behaviour.md §2.1, and the plugin's own documentation. */
const KNOWN_ELSEWHERE = [
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
  'HTTPS_PROXY',
  'NO_PROXY',
  'SSL_CERT_FILE',
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
