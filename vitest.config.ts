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
    maxWorkers: 2,
    server: { deps: { inline: ['xstate'] } },
    reporters: ['default', './test/support/closing-line-reporter.ts'],
  },
});
