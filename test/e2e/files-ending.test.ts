import { describe, expect, it } from 'vitest';
import { stallBody } from '../../src/local-platform/faults/fault.ts';
import type { BridgeProcess } from '../support/bridge-process.ts';
import { CONTENT, openFileDesk } from '../support/file-desk.ts';
import { until } from '../support/until.ts';

/** How a host ends the program; each resolves once the process is gone. */
const endings: Readonly<Record<string, (bridge: BridgeProcess) => Promise<void>>> = {
  'the end of stdin': (bridge) => bridge.close(),
  SIGTERM: (bridge) => bridge.end('SIGTERM'),
  SIGINT: (bridge) => bridge.end('SIGINT'),
  SIGHUP: (bridge) => bridge.end('SIGHUP'),
};

describe('while four bodies stand still', () => {
  it.each(Object.keys(endings))(
    'W-18: %s ends the process within a second, and leaves no partial file',
    async (name) => {
      const desk = await openFileDesk();
      desk.platform.faults.on(CONTENT, stallBody(5), { times: Number.POSITIVE_INFINITY });
      const bridge = await desk.start();
      await desk.upload(...[1, 2, 3, 4].map((n) => ({ name: `${n}.bin`, bytes: 'x'.repeat(5000) })));
      await until(async () => (await desk.staged()).length === 4, 'four temps');
      const at = performance.now();
      await endings[name]?.(bridge);
      expect(performance.now() - at).toBeLessThan(1000);
      expect(await desk.staged()).toEqual([]);
    },
  );
});
