import { runTimeFolder } from '../../adapters/delivery-lock/run-time-folder.ts';
import { createDisk } from '../../adapters/disk/disk.ts';
import { createAgents } from '../../adapters/platform/agents.ts';
import { networkOf } from '../config/network.ts';
import type { ConfigSources } from '../config/places.ts';
import { readSettings, type Settings } from '../config/settings.ts';
import type { Disk } from '../domain/ports/disk.ts';
import type { Logger } from '../domain/ports/runtime.ts';
import type { HostPlaces } from '../init/hosts/host.ts';
import type { Terminal } from '../terminal.ts';
import { examine } from './examine.ts';
import { exitCodeOf } from './exit-code.ts';
import type { Finding } from './finding.ts';
import { hideSecrets } from './hide-secrets.ts';
import { TIMEOUT_MS } from './open-platform.ts';
import { secretsOf } from './secrets.ts';
import { showFindings } from './show.ts';

/** An installation to look at. */
export interface Installation {
  /** Where its configuration is read from, with the disk to read it with. */
  readonly sources: (parts: { readonly disk: Disk; readonly logger: Logger }) => ConfigSources;
  readonly places: HostPlaces;
  /** This program's own script, as hosts start it. */
  readonly script: string;
  /** The longest that one question to the platform may take, milliseconds; 10 s. */
  readonly timeoutMs?: number;
}

/** What was found, and what it must not show. */
export interface Diagnosis {
  readonly settings: Settings;
  readonly findings: readonly Finding[];
  readonly exitCode: number;
  /** Every secret that is configured. */
  readonly secrets: readonly string[];
}

/** Examines an installation from its configuration on, within a minute. Changes nothing, and writes nothing anywhere. */
export async function diagnose({
  sources,
  places,
  script,
  timeoutMs = TIMEOUT_MS,
}: Installation): Promise<Diagnosis> {
  const diskWarnings: string[] = [];
  const note = (line: string) => diskWarnings.push(line);
  const logger = { info: () => {}, warn: note, error: note };
  const settings = await readSettings(sources({ disk: createDisk({ logger, looksOnly: true }), logger }));
  const { options, certificates } = settings;
  const agents = createAgents({}, networkOf({ options: options.values, certificates }));
  const findings = await examine({
    settings,
    diskWarnings,
    agents,
    runTimeFolder: runTimeFolder(),
    places,
    script,
    logger,
    clock: Date.now,
    signal: AbortSignal.timeout(DEADLINE_MS),
    timeoutMs,
  }).finally(() => agents.close());
  return { settings, findings, exitCode: exitCodeOf(findings), secrets: secretsOf(settings) };
}

/** The findings for a person or a program, without a secret. */
export function reportDiagnosis(
  { findings, exitCode, secrets }: Diagnosis,
  reader: Terminal | 'program',
): string {
  const asJson = () => `${JSON.stringify({ exit_code: exitCode, findings }, null, 2)}\n`;
  return hideSecrets(reader === 'program' ? asJson() : showFindings(findings, reader), secrets, '');
}

const DEADLINE_MS = 60_000;
