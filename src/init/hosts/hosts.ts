import { claudeCode } from './claude-code.ts';
import { codex } from './codex.ts';
import { cursor } from './cursor.ts';
import { gemini } from './gemini.ts';
import { generic } from './generic.ts';
import type { Host } from './host.ts';
import { vscode } from './vscode.ts';

/** Every host that `init` knows, in the order in which it shows them. */
export const hosts: readonly Host[] = [claudeCode, codex, cursor, vscode, gemini, generic];

/** The host of a name, or undefined. */
export function findHost(id: string): Host | undefined {
  return hosts.find((host) => host.id === id);
}
