#!/usr/bin/env node
import { join } from 'node:path';
import { openCodeCache } from './code-cache.ts';
import { isServe } from './is-serve.ts';
import { loadProgram } from './load-program.ts';

// What `molecule-inbox` starts: the program itself, src/cli.ts, lies bundled beside it.
const cache = openCodeCache(BUILD);
// Of what they share with the server, other commands run too little: its compiled code would lack the rest from then on.
const write = isServe(process.argv[2]) ? cache.write : () => {};
loadProgram(join(import.meta.dirname, 'program'), FIRST_MODULE, { ...cache, write });

/** The program's first module and a hash of the whole, put in by the build. */
declare const FIRST_MODULE: string;
declare const BUILD: string;
