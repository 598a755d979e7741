#!/usr/bin/env node
import { join } from 'node:path';
import { openCodeCache } from './code-cache.ts';
import { loadProgram } from './load-program.ts';

// What `molecule-inbox` starts: the program itself, src/cli.ts, lies bundled beside it.
loadProgram(join(import.meta.dirname, 'program', PROGRAM), openCodeCache());

/** Name of the program's first file, put in by the build. */
declare const PROGRAM: string;
