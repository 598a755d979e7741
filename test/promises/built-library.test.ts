import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { createTempFolder } from '../support/temp-folder.ts';

it('C1-35, C2-12: the built library, where no other package is, offers what its users call', async () => {
  const folder = createTempFolder('built-library');
  for (const name of ['dist', 'package.json']) cpSync(name, join(folder, name), { recursive: true });
  const library = await import(pathToFileURL(join(folder, 'dist/index.js')).href);
  const bridge = library.createBridge({ workspaces: [] });
  expect(Object.keys(bridge).sort()).toEqual(['messages$', 'peek', 'pop', 'start', 'stop']);
  await expect(bridge.start()).rejects.toThrow('at least one workspace');
});
