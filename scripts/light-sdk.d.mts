import type { Plugin } from 'esbuild';

export function lightSdk(root: string): Plugin;
