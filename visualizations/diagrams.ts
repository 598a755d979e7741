import { deliveryMachine } from '../machines/delivery.ts';
import { supervisorMachine } from '../machines/supervisor.ts';
import { workspaceMachine } from '../machines/workspace.ts';
import { readChart } from './chart.ts';
import { toMermaid } from './mermaid.ts';
import { toSvg } from './svg.ts';

/** A file that `npm run visualize` writes into this folder and a test holds against the machines. */
export interface Diagram {
  readonly fileName: string;
  readonly text: string;
}

/** Every machine's diagram, and the page that shows them all. */
export function drawDiagrams(): Diagram[] {
  const drawn = MACHINES.map(({ machine, about }) => ({
    name: machine.id,
    about,
    text: toMermaid(readChart(machine)),
  }));
  const sections = drawn.map(
    ({ name, about, text }) =>
      `## ${name}\n\n${about}\n\n![The statechart of ${name}](${name}.svg)\n\n\`\`\`mermaid\n${text}\`\`\`\n`,
  );
  return [
    ...drawn.map(({ name, text }) => ({ fileName: `${name}.mmd`, text })),
    { fileName: 'index.md', text: [HEAD, ...sections].join('\n') },
  ];
}

/** Every machine's chart as SVG, laid out anew: takes seconds. */
export async function drawSvgs(): Promise<Diagram[]> {
  const drawn: Diagram[] = [];
  for (const { machine, about } of MACHINES) {
    drawn.push({ fileName: `${machine.id}.svg`, text: await toSvg(readChart(machine), about) });
  }
  return drawn;
}

const HEAD = `# The statecharts

Drawn from the machines by \`npm run visualize\`; a test fails when they differ from the code. Do not edit.
`;

const MACHINES = [
  {
    machine: workspaceMachine,
    about:
      'The life of one workspace: standing by, registering, online with heartbeat, feed and wake-ups side by side.',
  },
  { machine: deliveryMachine, about: 'Handing messages to the host, one offering at a time.' },
  {
    machine: supervisorMachine,
    about: 'One workspace machine per workspace; one that fails touches no other.',
  },
] as const;
