#!/usr/bin/env node
import { join } from 'node:path';
import { CODE_KEPT_AFTER_MS, openCodeCache } from './code-cache.ts';
import { isServe } from './is-serve.ts';
import { loadProgram } from './load-program.ts';

// What `molecule-inbox` starts: the program itself, src/cli.ts, lies bundled beside it.
const keepCode = loadProgram(join(import.meta.dirname, 'program'), FIRST_MODULE, openCodeCache());

// Another command runs little of what it shares with the server: kept then, it would lack what the server needs.
if (isServe(process.argv[2])) setTimeout(keepCode, CODE_KEPT_AFTER_MS).unref();

/** The program's first module, put in by the build. */
declare const FIRST_MODULE: string;
