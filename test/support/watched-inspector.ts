import { onTestFinished } from 'vitest';
import { type InspectorParts, startInspector } from '../../src/inspector/inspector.ts';
import { watchedBridge } from './watched-bridge.ts';

/** An inspector of a {@link watchedBridge}; it ends with the test. Needs the pages to have been built. */
export async function startWatchedInspector(over: Partial<InspectorParts> = {}) {
  const bridge = watchedBridge();
  const inspector = await startInspector({
    watch: bridge.watch,
    port: 0,
    withText: false,
    statelyUrl: 'https://stately.example/inspect',
    clock: () => Date.UTC(2026, 4, 5),
    ...over,
  });
  onTestFinished(() => inspector.stop());
  return { bridge, inspector };
}
