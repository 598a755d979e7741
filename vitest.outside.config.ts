import { defineConfig } from 'vitest/config';

/** Official programs that judge ours: installed by `scripts/test-outside.mjs`, apart from `npm test`. */
export default defineConfig({
  test: {
    include: ['test/{hosts,conformance}/**/*.check.ts'],
    environment: 'node',
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 1,
    reporters: ['verbose', './test/support/closing-line-reporter.ts'],
  },
});
