import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/** The text of every source file. */
function sources(): string {
  const files = ['src', 'adapters'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .map((path) => join(folder, path)),
  );
  return files.map((path) => readFileSync(path, 'utf8')).join('\n');
}

const document = readFileSync('docs/troubleshooting.md', 'utf8').replace(/\n +/g, ' ');
const symptoms = [...document.matchAll(/\*\*([^*]+)\*\*/g)].flatMap(([, bold = '']) =>
  [...bold.matchAll(/`([^`]+)`/g)].map(([, quoted = '']) => quoted),
);
const text = sources();

it.each(symptoms)('docs/troubleshooting.md quotes what the program says: %s', (symptom) => {
  // What stands before the first colon may be the name of a check; numbers and … stand for what differs.
  const words = symptom.replace(/^[a-z ]+: /, '').split(/…|: |, |\d+/);
  const fixed = words.map((part) => part.trim()).filter((part) => part !== '');
  expect(fixed.filter((part) => !text.includes(part))).toEqual([]);
});
