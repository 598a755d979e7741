import type { Environment } from './environment.ts';
import type { OptionName } from './options.ts';

/**
 * The channel plugin's variables that mean what an option means, in another unit: milliseconds, and a heartbeat of 0
 * for none. Text that is no number is handed on as it is, so that the option's own check refuses it.
 */
export function readPluginPace(
  env: Environment,
): Partial<Record<OptionName, { readonly variable: string; readonly text: string }>> {
  const poll = env[POLL]?.trim() ?? '';
  const beat = env[BEAT]?.trim() ?? '';
  return {
    ...(poll === '' ? {} : { pollSecs: { variable: POLL, text: inSecs(poll) } }),
    ...(beat === '' || Number(beat) === 0 ? {} : { heartbeatSecs: { variable: BEAT, text: inSecs(beat) } }),
    ...(beat !== '' && Number(beat) === 0 ? { disableHeartbeat: { variable: BEAT, text: '1' } } : {}),
  };
}

function inSecs(milliseconds: string): string {
  return /^\d+$/.test(milliseconds) ? String(Number(milliseconds) / 1000) : milliseconds;
}

const POLL = 'MOLECULE_POLL_INTERVAL_MS';
const BEAT = 'MOLECULE_HEARTBEAT_INTERVAL_MS';
