#!/usr/bin/env node
import type { EventEmitter } from 'node:events';
import { join } from 'node:path';
import { KEEP_CODE, openCodeCache } from './code-cache.ts';
import { isServe } from './is-serve.ts';
import { loadProgram } from './load-program.ts';

/** By then a host has shaken hands and the bridge works, so that what both need is compiled. */
const SETTLED_AFTER_MS = 3_000;

// What `molecule-inbox` starts: the program itself, src/cli.ts, lies bundled beside it.
const keepCode = loadProgram(join(import.meta.dirname, 'program'), FIRST_MODULE, openCodeCache());

// Another command runs little of what it shares with the server: kept then, it would lack what the server needs.
if (isServe(process.argv[2])) {
  const events: EventEmitter = process;
  events.once(KEEP_CODE, keepCode);
  setTimeout(() => events.emit(KEEP_CODE), SETTLED_AFTER_MS).unref();
}

/** The program's first module, put in by the build. */
declare const FIRST_MODULE: string;
