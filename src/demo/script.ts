import type { DroppedFile } from './people.ts';

/** One line of the script: who writes what, with which files. */
export interface Line {
  readonly who: 'user' | 'peer';
  readonly text: string;
  readonly files?: readonly DroppedFile[];
}

const text = new TextEncoder();

/** What is written to the agent, in this order. */
export const SCRIPT: readonly Line[] = [
  { who: 'user', text: 'Good morning, are you there?' },
  {
    who: 'user',
    text: 'Here are the minutes and the figures. What do they begin with?',
    files: [
      { name: 'minutes.md', type: 'text/markdown', bytes: text.encode('# Minutes of Monday\n\n- ship it\n') },
      {
        name: 'figures 2026.csv',
        type: 'text/csv',
        bytes: text.encode('month,sales\nOctober,42\n'.repeat(2000)),
      },
    ],
  },
  { who: 'peer', text: 'Which version do you run on your laptop?' },
  {
    who: 'user',
    text: 'One more picture.',
    files: [{ name: 'pixel.svg', type: 'image/svg+xml', bytes: text.encode('<svg width="1" height="1"/>') }],
  },
];

/** How many files the script drops. */
export const FILES_IN_ALL = SCRIPT.reduce((sum, { files = [] }) => sum + files.length, 0);
