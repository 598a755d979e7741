import * as z from 'zod';

/**
 * Every setting beside the workspaces themselves: one table, from which the configuration is read, explained
 * (`molecule-inbox config`) and documented. The flag of an option is its name in kebab case (`--push-window`).
 */
export const options = {
  platformUrl: text(
    'PLATFORM_URL',
    '',
    'Base URL of the platform; an entry of MOLECULE_WORKSPACES may carry its own.',
  ),
  configsDir: text(
    'CONFIGS_DIR',
    '',
    'State directory; else /configs if writable, else ~/.molecule-workspace.',
  ),
  orgId: text('MOLECULE_ORG_ID', '', 'Sent as X-Molecule-Org-Id, for hosted tenants.'),
  agentName: text(
    'MOLECULE_AGENT_NAME',
    '',
    "The agent card's name; default molecule-mcp-<start of the workspace id>.",
  ),
  agentDescription: text('MOLECULE_AGENT_DESCRIPTION', '', "The agent card's description."),
  agentSkills: text('MOLECULE_AGENT_SKILLS', '', "The agent card's skills, separated by commas."),
  pollSecs: number(
    'MOLECULE_POLL_SECS',
    5,
    0.05,
    3600,
    'Seconds between polls while no wake-up stream is open.',
  ),
  safetyPollSecs: number(
    'MOLECULE_SAFETY_POLL_SECS',
    25,
    0.05,
    3600,
    'Seconds between polls while the wake-up stream is open.',
  ),
  heartbeatSecs: number('MOLECULE_HEARTBEAT_SECS', 20, 0.05, 70, 'Seconds between heartbeats.'),
  backlogSecs: number('MOLECULE_BACKLOG_SECS', 600, 1, 2_592_000, 'How far back the very first start looks.'),
  cursorLagSecs: number(
    'MOLECULE_CURSOR_LAG_SECS',
    30,
    0,
    3600,
    'How far the stored cursor stays behind the newest row.',
  ),
  pushWindow: integer(
    'MOLECULE_PUSH_WINDOW',
    50,
    0,
    100_000,
    'Messages pushed and not yet popped at a time; 0 = no limit.',
  ),
  waitMaxSecs: number(
    'MOLECULE_WAIT_MAX_SECS',
    55,
    1,
    3600,
    'The longest wait_for_message without a progress token.',
  ),
  delegateMaxSecs: number(
    'MOLECULE_DELEGATE_MAX_SECS',
    55,
    1,
    3600,
    'The longest delegate_task without a progress token.',
  ),
  uploadDeadlineSecs: number(
    'MOLECULE_UPLOAD_DEADLINE_SECS',
    30,
    0.05,
    3600,
    'How long a message waits for its files.',
  ),
  uploadMaxBytes: integer(
    'MOLECULE_UPLOAD_MAX_BYTES',
    0,
    0,
    Number.MAX_SAFE_INTEGER,
    "The largest file fetched; 0 = the platform's own limit.",
  ),
  uploadsDir: text('MOLECULE_UPLOADS_DIR', '', 'Where files are staged.'),
  attachRoots: text(
    'MOLECULE_ATTACH_ROOTS',
    '',
    'Folders from which the agent may attach files, separated as in PATH.',
  ),
  disableInbox: flag('MOLECULE_MCP_DISABLE_INBOX', 'No polling, no pushes, no acknowledgements.'),
  disableHeartbeat: flag('MOLECULE_MCP_DISABLE_HEARTBEAT', 'No registration and no heartbeats.'),
  verbose: flag('MOLECULE_MCP_VERBOSE', 'Say more on stderr.'),
} as const;

/** The name of an option. */
export type OptionName = keyof typeof options;

/** The value of every option. */
export type OptionValues = { readonly [Name in OptionName]: z.output<(typeof options)[Name]['schema']> };

/** One setting: where it is read from, what it may be, what it is without being set. */
export interface Option<Schema extends z.ZodType> {
  readonly variable: string;
  /** Reads the text of a variable, a flag or the configuration file. */
  readonly schema: Schema;
  /** What it may be, in words, for an error and the documentation. */
  readonly shape: string;
  readonly fallback: z.output<Schema>;
  readonly about: string;
}

function text(variable: string, fallback: string, about: string): Option<z.ZodType<string, string>> {
  return { variable, schema: z.string(), shape: 'text', fallback, about };
}

function number(
  variable: string,
  fallback: number,
  min: number,
  max: number,
  about: string,
): Option<z.ZodType<number, string>> {
  const schema = z
    .string()
    .regex(/^\d+(\.\d+)?$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max));
  return { variable, schema, shape: `a number from ${min} to ${max}`, fallback, about };
}

function integer(
  variable: string,
  fallback: number,
  min: number,
  max: number,
  about: string,
): Option<z.ZodType<number, string>> {
  const schema = z.string().regex(/^\d+$/).transform(Number).pipe(z.number().int().min(min).max(max));
  const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
  return { variable, schema, shape: `a whole number ${range}`, fallback, about };
}

/** Anything but blank, 0, false, no and off counts as set (the reference takes 0 and false for set too, W-68). */
function flag(variable: string, about: string): Option<z.ZodType<boolean, string>> {
  const schema = z.string().transform((value) => !/^(0|false|no|off|)$/i.test(value));
  return { variable, schema, shape: '1 or 0', fallback: false, about };
}
