import { createDisk } from '../../adapters/disk/disk.ts';
import { type ExplainedConfig, explainConfig } from '../config/explain.ts';
import { processSources } from '../config/process-sources.ts';
import { readSettings } from '../config/settings.ts';
import { splitFlags } from '../config/split-flags.ts';
import { createStderrLogger } from '../stderr-logger.ts';
import { table } from '../table.ts';

const USAGE = `molecule-inbox config [--json] [options]

Every setting, its value, and where that was set; no secret. Takes every setting
as a flag, too (push_window is --push-window), to show what that would do.
`;

/**
 * Prints the configuration that `serve` would start with, each value with its origin, secrets left out; `--json` for a
 * program. Exits with 2 when it cannot work, after saying why.
 */
export async function runConfig(args: readonly string[]): Promise<number> {
  const { own, rest } = splitFlags(args, { json: 'switch', help: 'switch' });
  if (own.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const logger = createStderrLogger('0');
  const disk = createDisk({ logger, looksOnly: true });
  const settings = await readSettings(processSources(rest, { disk, logger }));
  const explained = explainConfig(settings);
  process.stdout.write(own.json ? `${JSON.stringify(explained, null, 2)}\n` : asText(explained));
  if (!own.json) for (const line of [...explained.notes, ...explained.problems]) logger.error(line);
  return explained.problems.length > 0 ? 2 : 0;
}

function asText({ state_directory, workspaces, settings }: ExplainedConfig): string {
  const rows = Object.entries(settings).map(([key, { value, set_by, variable }]) => [
    key,
    value === '' ? '-' : value,
    set_by === 'default' ? `default (${variable})` : set_by,
  ]);
  const named = workspaces.flatMap(({ id, platform_url, org_id, token, set_by }) => [
    ['id', id, set_by.id],
    ['  platform_url', platform_url, set_by.platform_url],
    ...(org_id === '' ? [] : [['  org_id', org_id, '']]),
    ['  token', token, set_by.token],
  ]);
  const lines = [
    `State directory: ${state_directory ?? 'none'}`,
    '',
    `Workspaces: ${workspaces.length}`,
    ...table(named),
    '',
    'Settings:',
    ...table([['setting', 'value', 'set by'], ...rows], WIDEST),
  ];
  return `${lines.join('\n')}\n`;
}

/** So that what is not set fits into 80 columns. */
const WIDEST = 24;
