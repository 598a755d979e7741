import type { OriginKind } from '../../config/setting.ts';
import type { Settings } from '../../config/settings.ts';
import { type Finding, failed, ok, warning } from '../finding.ts';

/** What is wrong or odd about a configuration; every problem is a finding of its own. */
export function judgeConfiguration(
  settings: Pick<Settings, 'problems' | 'notes' | 'options' | 'source' | 'workspaces'>,
): readonly Finding[] {
  const { problems, notes, options, source, workspaces } = settings;
  const wrong = problems.map((problem) =>
    failed(
      CHECK,
      'configuration',
      problem,
      'Set it right; `molecule-inbox config` shows where each value comes from.',
    ),
  );
  const count = `${workspaces.length} ${workspaces.length === 1 ? 'workspace' : 'workspaces'}`;
  return [
    ...(wrong.length > 0 ? wrong : [ok(CHECK, `${count}, named by ${PLACES[source]}`)]),
    ...notes.map((note) => warning(CHECK, note, '`molecule-inbox config` lists every setting.')),
    ...(options.values.disableInbox
      ? [
          warning(
            CHECK,
            `the inbox is switched off (${options.origins.disableInbox.name}): nothing can arrive`,
            'Take that setting away.',
          ),
        ]
      : []),
    ...(options.values.disableHeartbeat
      ? [
          warning(
            CHECK,
            `heartbeats are switched off (${options.origins.disableHeartbeat.name}): the platform shows the agent as offline`,
            'Take that setting away.',
          ),
        ]
      : []),
  ];
}

const CHECK = 'configuration';
const PLACES: Readonly<Record<OriginKind, string>> = {
  flag: 'the command line',
  environment: 'the environment',
  file: 'config.json',
  plugin: "the channel plugin's .env",
  default: 'nobody',
};
