import type { ExaminationParts } from './examination.ts';
import { examinePlatform } from './examine-platform.ts';
import type { Finding } from './finding.ts';
import { lookAtHosts } from './probes/hosts.ts';
import { lookAtStateDirectory } from './probes/state-directory.ts';
import { judgeConfiguration } from './rules/configuration.ts';
import { judgeHosts } from './rules/hosts.ts';
import { judgeStateDirectory } from './rules/state-directory.ts';

/**
 * Looks at everything that stands between a message and the agent, and judges it. Only asks: it registers nothing, sends no
 * heartbeat and writes nothing, so that it can run beside a bridge at work.
 */
export async function examine(parts: ExaminationParts): Promise<readonly Finding[]> {
  const { settings, places, script } = parts;
  const findings = [...judgeConfiguration(settings)];
  if (settings.directory)
    findings.push(...judgeStateDirectory(await lookAtStateDirectory(settings.directory), parts.diskWarnings));
  findings.push(...judgeHosts(await lookAtHosts(places, script), places.env));

  const urls = new Set(settings.workspaces.map(({ platformUrl }) => platformUrl));
  for (const url of urls) {
    const workspaces = settings.workspaces.filter(({ platformUrl }) => platformUrl === url);
    findings.push(...(await examinePlatform(url, workspaces, parts)));
  }
  return findings;
}
