import { pollTimeoutSecs } from '../../domain/workspaces/poll-timeout.ts';
import { flag, integer, lenient, number } from '../option.ts';

/** How messages are fetched, offered and waited for. */
export const inboxOptions = {
  pollSecs: number({
    variable: 'MOLECULE_POLL_SECS',
    fallback: 5,
    min: 0.05,
    max: 3600,
    about: 'Seconds between polls while no wake-up stream is open.',
  }),
  safetyPollSecs: number({
    variable: 'MOLECULE_SAFETY_POLL_SECS',
    fallback: 30,
    min: 0.05,
    max: 3600,
    about: 'Seconds between polls while the wake-up stream is open.',
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
  keepPoppedHours: number({
    variable: 'MOLECULE_KEEP_POPPED_HOURS',
    fallback: 24,
    min: 0,
    max: 8760,
    about:
      'How long the text of a popped message may stay on disk, in hours; its id stays. 0 = gone with the next write.',
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
  disableInbox: flag({
    variable: 'MOLECULE_MCP_DISABLE_INBOX',
    about: 'No polling, no pushes, no acknowledgements; the inbox tools say so.',
  }),
} as const;
