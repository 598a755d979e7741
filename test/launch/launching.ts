// A launcher for a test's own program, which keeps compiled code at once: `node launching.mjs PROGRAM`. Says as JSON what it
// wrote.
import { openCodeCache } from '../../src/launch/code-cache.ts';
import { loadProgram } from '../../src/launch/load-program.ts';

const cache = openCodeCache();
const written: string[] = [];
const write = (name: string, code: Buffer) => {
  written.push(name);
  cache.write(name, code);
};
loadProgram(process.argv[2] ?? '', { ...cache, write }, 0);
// Behind the launcher's own timer of the same length.
setTimeout(() => {
  console.log(JSON.stringify({ written, answer: Reflect.get(globalThis, 'answer') }));
}, 0);
