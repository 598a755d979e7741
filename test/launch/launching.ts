// A launcher for a test's own program, which keeps compiled code at once: `node launching.mjs FOLDER FIRST`. Says as JSON what
// it wrote, and what the program came to.
import { openCodeCache } from '../../src/launch/code-cache.ts';
import { loadProgram } from '../../src/launch/load-program.ts';

const [folder = '', first = ''] = process.argv.slice(2);
const cache = openCodeCache();
const written: string[] = [];
const write = (name: string, code: Buffer) => {
  written.push(name);
  cache.write(name, code);
};
loadProgram(folder, first, { ...cache, write })();
console.log(JSON.stringify({ written, answer: Reflect.get(globalThis, 'answer') }));
