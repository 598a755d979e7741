import type * as z from 'zod';
import { pollTimeoutSecs } from '../domain/workspaces/poll-timeout.ts';
import { flag, integer, lenient, number, proxy, text } from './option.ts';

/**
 * Every setting beside the workspaces themselves: one table, from which the configuration is read, explained
 * (`molecule-inbox config`) and documented (`npm run docs`). The flag of an option is its name in kebab case
 * (`--push-window`), its key in the configuration file the name in snake case (`push_window`).
 */
export const options = {
  platformUrl: text({
    variable: 'PLATFORM_URL',
    aliases: ['MOLECULE_PLATFORM_URL'],
    example: 'https://platform.example',
    about: "Base URL of the platform. A workspace's own `platform_url` beats it.",
  }),
  orgId: text({
    variable: 'MOLECULE_ORG_ID',
    fits: /^[\x21-\x7e]*$/,
    shape: 'printable ASCII without spaces',
    example: 'org-1',
    about: "Sent as `X-Molecule-Org-Id`, for hosted tenants. A workspace's own `org_id` beats it.",
  }),
  configsDir: text({
    variable: 'CONFIGS_DIR',
    example: '/home/me/.molecule-workspace',
    about: 'State directory; else `/configs` if it can be written to, else `~/.molecule-workspace`.',
  }),
  httpsProxy: proxy({
    variable: 'HTTPS_PROXY',
    aliases: ['https_proxy', 'ALL_PROXY', 'all_proxy'],
    about: 'Proxy through which an https platform is reached.',
  }),
  httpProxy: proxy({
    variable: 'HTTP_PROXY',
    aliases: ['http_proxy', 'ALL_PROXY', 'all_proxy'],
    about: 'Proxy through which an http platform is reached (with CONNECT).',
  }),
  noProxy: text({
    variable: 'NO_PROXY',
    aliases: ['no_proxy'],
    example: 'localhost,.internal.example',
    about:
      'Hosts reached without a proxy, separated by commas: a name covers its subdomains; `*` is every host.',
  }),
  caFile: text({
    variable: 'SSL_CERT_FILE',
    example: '/etc/ssl/certs/company.pem',
    about: 'PEM file of certificate authorities that are trusted beside those that Node brings.',
  }),
  agentName: text({
    variable: 'MOLECULE_AGENT_NAME',
    example: 'laptop',
    about: "The agent card's name; without it `molecule-mcp-` and the start of the workspace id.",
  }),
  agentDescription: text({
    variable: 'MOLECULE_AGENT_DESCRIPTION',
    aliases: ['MOLECULE_AGENT_DESC'],
    example: 'Answers questions about the code',
    about: "The agent card's description.",
  }),
  agentSkills: text({
    variable: 'MOLECULE_AGENT_SKILLS',
    example: 'research,code-review',
    about: "The agent card's skills, separated by commas.",
  }),
  pollSecs: number({
    variable: 'MOLECULE_POLL_SECS',
    fallback: 5,
    min: 0.05,
    max: 3600,
    about: 'Seconds between polls while no wake-up stream is open.',
  }),
  safetyPollSecs: number({
    variable: 'MOLECULE_SAFETY_POLL_SECS',
    fallback: 25,
    min: 0.05,
    max: 3600,
    about: 'Seconds between polls while the wake-up stream is open.',
  }),
  heartbeatSecs: number({
    variable: 'MOLECULE_HEARTBEAT_SECS',
    fallback: 20,
    min: 0.05,
    max: 70,
    about: 'Seconds between heartbeats.',
  }),
  backlogSecs: number({
    variable: 'MOLECULE_BACKLOG_SECS',
    aliases: ['MOLECULE_POLL_WINDOW_SECS'],
    fallback: 600,
    min: 1,
    max: 2_592_000,
    about: 'How far back the very first start looks, in seconds.',
  }),
  cursorLagSecs: number({
    variable: 'MOLECULE_CURSOR_LAG_SECS',
    fallback: 30,
    min: 0,
    max: 3600,
    about: 'How far the stored cursor stays behind the newest row, in seconds.',
  }),
  pushWindow: integer({
    variable: 'MOLECULE_PUSH_WINDOW',
    fallback: 50,
    min: 0,
    max: 100_000,
    about: 'Messages pushed and not yet popped at a time; 0 = no limit.',
  }),
  pollTimeoutSecs: lenient(pollTimeoutSecs, {
    variable: 'MOLECULE_MCP_POLL_TIMEOUT_SECS',
    fallback: 2,
    shape: 'a whole number from 0 to 60; anything else counts as 2, more as 60',
    about: 'Seconds that the agent is told to wait at the start of each turn; 0 tells it not to poll.',
  }),
  waitMaxSecs: number({
    variable: 'MOLECULE_WAIT_MAX_SECS',
    fallback: 55,
    min: 1,
    max: 3600,
    about: 'The longest `wait_for_message` without a progress token, in seconds.',
  }),
  delegateMaxSecs: number({
    variable: 'MOLECULE_DELEGATE_MAX_SECS',
    fallback: 55,
    min: 1,
    max: 3600,
    about: 'The longest `delegate_task` without a progress token, in seconds.',
  }),
  uploadDeadlineSecs: number({
    variable: 'MOLECULE_UPLOAD_DEADLINE_SECS',
    fallback: 30,
    min: 0.05,
    max: 3600,
    about: 'How long a message waits for its files, in seconds.',
  }),
  uploadMaxBytes: integer({
    variable: 'MOLECULE_UPLOAD_MAX_BYTES',
    fallback: 0,
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    about: "The largest file that is fetched, in bytes; 0 = the platform's own limit.",
  }),
  uploadNoticeSecs: number({
    variable: 'MOLECULE_UPLOAD_NOTICE_SECS',
    fallback: 60,
    min: 0.05,
    max: 3600,
    about: 'How long a file waits for a message to follow before it is announced by itself, in seconds.',
  }),
  uploadsAtATime: integer({
    variable: 'MOLECULE_UPLOADS_AT_A_TIME',
    fallback: 4,
    min: 1,
    max: 64,
    about: 'Transfers of one workspace at a time.',
  }),
  uploadsInAll: integer({
    variable: 'MOLECULE_UPLOADS_IN_ALL',
    fallback: 8,
    min: 1,
    max: 256,
    about: 'Transfers of all workspaces together at a time.',
  }),
  uploadsKeepDays: number({
    variable: 'MOLECULE_UPLOADS_KEEP_DAYS',
    fallback: 7,
    min: 0.01,
    max: 3650,
    about: 'How long staged files are kept, in days; what an unread message shows stays.',
  }),
  uploadsKeepBytes: integer({
    variable: 'MOLECULE_UPLOADS_KEEP_BYTES',
    fallback: 2 * 1024 ** 3,
    min: 0,
    max: Number.MAX_SAFE_INTEGER,
    about: 'How much staged files of a workspace may take together, in bytes; the oldest go first.',
  }),
  uploadsDir: text({
    variable: 'MOLECULE_UPLOADS_DIR',
    example: '/home/me/molecule-files',
    about: "Where files are staged; else `/workspace` if it can be written to, else the workspace's state.",
  }),
  attachRoots: text({
    variable: 'MOLECULE_ATTACH_ROOTS',
    example: '/home/me/project',
    about: 'Folders from which the agent may attach files, separated as in PATH.',
  }),
  disableInbox: flag({
    variable: 'MOLECULE_MCP_DISABLE_INBOX',
    about: 'No polling, no pushes, no acknowledgements; the inbox tools say so.',
  }),
  disableHeartbeat: flag({
    variable: 'MOLECULE_MCP_DISABLE_HEARTBEAT',
    about: 'No registration and no heartbeats.',
  }),
  record: text({
    variable: 'MOLECULE_RECORD',
    example: '/tmp/run.ndjson',
    about: 'File to record everything into that is seen and done, for `replay` and `inspect`; tokens never.',
  }),
  redactText: flag({
    variable: 'MOLECULE_RECORD_REDACT_TEXT',
    about: 'Leaves message text out of the recording.',
  }),
  inspect: flag({
    variable: 'MOLECULE_INSPECT',
    about:
      'Serves the live inspector on this machine only and prints its URL; `--inspect=PORT` names a port.',
  }),
  inspectPort: integer({
    variable: 'MOLECULE_INSPECT_PORT',
    fallback: 0,
    min: 0,
    max: 65_535,
    about: "The inspector's port; 0 = any that is free.",
  }),
  inspectText: flag({
    variable: 'MOLECULE_INSPECT_TEXT',
    about: 'Lets the live inspector show message text.',
  }),
  statelyUrl: text({
    variable: 'MOLECULE_STATELY_URL',
    fallback: 'https://stately.ai/inspect',
    fits: /^https?:\/\/[^\s"'<>]+$/,
    shape: 'an http or https URL',
    example: 'https://stately.ai/inspect',
    about: "The address of Stately's inspector, which the inspector's second page frames.",
  }),
  verbose: flag({ variable: 'MOLECULE_MCP_VERBOSE', about: 'Say more on stderr.' }),
} as const;

/** The name of an option. */
export type OptionName = keyof typeof options;

/** The value of every option. */
export type OptionValues = { readonly [Name in OptionName]: z.output<(typeof options)[Name]['schema']> };

/** All names, in the table's order. */
export const optionNames = Object.keys(options) as readonly OptionName[];

/** The flag of an option, without its dashes: `pushWindow` → `push-window`. */
export function flagOf(name: OptionName): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

/** The key of an option in the configuration file: `pushWindow` → `push_window`. */
export function keyOf(name: OptionName): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
