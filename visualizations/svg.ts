import type { ChartState, ChartTransition } from './chart.ts';
import { type Arrow, type Box, LABEL_HEIGHT, layOut, linesOf } from './layout.ts';

/**
 * Draws a chart as SVG. Every state is a group with its id in `data-state`, every transition one with `data-from`,
 * `data-to` and `data-events`, so that a page can light them; alone, it follows the reader's light or dark.
 */
export async function toSvg(chart: ChartState, title: string): Promise<string> {
  const { width, height, boxes, arrows } = await layOut(chart);
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" class="statechart" role="img" aria-label="${escapeXml(title)}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">`,
    `<style>${STYLE}</style>`,
    `<defs><marker id="tip-${escapeXml(chart.name)}" viewBox="0 0 8 8" refX="7" refY="4" markerUnits="userSpaceOnUse" markerWidth="8" markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z" class="tip"/></marker></defs>`,
    ...boxes.map(drawBox),
    ...arrows.map((arrow) => drawArrow(arrow, chart.name)),
    '</svg>',
  ];
  return `${lines.join('\n')}\n`;
}

function drawBox({ state, x, y, width, height }: Box): string {
  const works = state.works.map(
    (work, line) =>
      `<text class="work" x="${round(x + width / 2)}" y="${round(y + 33 + line * 14)}">${escapeXml(work)}</text>`,
  );
  const kind = state.children.length > 0 ? 'outer' : state.kind;
  return [
    `<g class="state ${kind}" data-state="${escapeXml(state.id)}">`,
    `<title>${escapeXml(toldOf(state))}</title>`,
    `<rect x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" rx="7"/>`,
    `<text class="name" x="${round(x + width / 2)}" y="${round(y + 19)}">${escapeXml(state.name)}</text>`,
    ...works,
    '</g>',
  ].join('');
}

function drawArrow({ from, to, transitions, points, label }: Arrow, chart: string): string {
  const path = points.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${round(x)} ${round(y)}`).join('');
  const events = [...new Set(transitions.map(({ event }) => event))].join('|');
  const lines = linesOf(transitions).map((line, index) => {
    const [x, y] = [label?.x ?? 0, (label?.y ?? 0) + 9 + index * LABEL_HEIGHT];
    return `<text x="${round(x)}" y="${round(y)}">${escapeXml(line)}</text>`;
  });
  return [
    `<g class="transition" data-from="${escapeXml(from)}" data-to="${escapeXml(to)}" data-events="${escapeXml(events)}">`,
    `<title>${escapeXml(transitions.map(toldOfOne).join('; '))}</title>`,
    `<path d="${path}" marker-end="url(#tip-${escapeXml(chart)})"/>`,
    ...lines,
    '</g>',
  ].join('');
}

function toldOfOne({ event, guard }: ChartTransition): string {
  return `${event || 'at once'}${guard === null ? '' : ` if ${guard}`}`;
}

/** A state in words: what runs in it, and what it takes in without being left. */
function toldOf({ id, works, transitions }: ChartState): string {
  const staying = transitions.filter(({ to }) => to.length === 0).map(({ event }) => event);
  return [
    id,
    ...(works.length > 0 ? [`runs ${works.join(', ')}`] : []),
    ...(staying.length > 0 ? [`takes in ${[...new Set(staying)].join(', ')}`] : []),
  ].join('; ');
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

const STYLE = [
  '.statechart{--ink:#24292f;--faint:#8b949e;--quiet:#57606a;--box:#ffffff;--outer:#f3f5f7;--lit:#0860ca;--lit-box:#ddf0ff;font:11px ui-sans-serif,system-ui,sans-serif}',
  '@media (prefers-color-scheme:dark){.statechart{--ink:#e6edf3;--faint:#7d8590;--quiet:#9da7b3;--box:#161b22;--outer:#0f141a;--lit:#58a6ff;--lit-box:#0b2a4a}}',
  '.statechart rect{fill:var(--box);stroke:var(--faint)}.statechart .outer rect{fill:var(--outer)}',
  '.statechart .final rect{stroke-width:3}',
  '.statechart text{fill:var(--ink);text-anchor:middle}.statechart .name{font-weight:600}.statechart .work{fill:var(--quiet)}',
  '.statechart .transition path{fill:none;stroke:var(--faint)}.statechart .tip{fill:var(--faint)}',
  '.statechart .transition text{text-anchor:start;font-size:10px;fill:var(--ink)}',
].join('');
