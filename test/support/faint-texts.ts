import type { Page } from 'playwright-core';

/** The texts on a page that stand out from what is behind them by less than 4.5 to 1 (WCAG 2.2, 1.4.3), with the ratio. */
export function faintTexts(page: Page): Promise<string[]> {
  return page.evaluate(FIND) as Promise<string[]>;
}

/** Runs in the page. A state's text lies on its own box, a transition's on that of whatever state it crosses. */
const FIND = `(() => {
  const rgb = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = rgb(colour).map((part) => part / 255).map((part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (one, other) => {
    const [low, high] = [light(one), light(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const behind = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const { backgroundColor } = getComputedStyle(at);
      if ((rgb(backgroundColor)[3] ?? 1) > 0) return backgroundColor;
    }
    return 'rgb(255, 255, 255)';
  };
  const boxes = [...document.querySelectorAll('.statechart rect')].map((box) => getComputedStyle(box).fill);
  const found = new Set();
  for (const element of document.querySelectorAll('body *')) {
    const text = [...element.childNodes].filter(({ nodeType }) => nodeType === 3).map(({ data }) => data.trim()).join('');
    if (text === '' || !element.checkVisibility() || ['SCRIPT', 'STYLE', 'style', 'title', 'OPTION'].includes(element.tagName)) continue;
    const style = getComputedStyle(element);
    const isDrawn = element.namespaceURI.endsWith('svg');
    const own = element.parentElement.querySelector(':scope > rect');
    const places = !isDrawn ? [behind(element)] : own ? [getComputedStyle(own).fill] : boxes;
    const worst = Math.min(...places.map((place) => ratio(isDrawn ? style.fill : style.color, place)));
    if (worst < 4.5) found.add(text.slice(0, 40) + ': ' + worst.toFixed(1));
  }
  return [...found];
})()`;
