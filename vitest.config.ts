import { defineConfig } from 'vitest/config';

// XState reports misuse (events sent to stopped actors and the like) only under the `development` condition.
export default defineConfig({
  ssr: { resolve: { conditions: ['development', 'node', 'import', 'default'] } },
  test: {
    include: ['test/**/*.test.ts'],
    environment: 'node',
    testTimeout: 30_000,
    hookTimeout: 30_000,
    pool: 'forks',
    // Files share the modules of their worker: nothing we ship keeps state in a module, and loading takes longer than most tests.
    isolate: false,
    // One more than the cores of CI: the tests of whole processes mostly wait.
    maxWorkers: 3,
    server: { deps: { inline: ['xstate'] } },
    reporters: ['default', './test/support/closing-line-reporter.ts'],
  },
});
