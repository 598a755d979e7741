import { defineConfig } from 'vitest/config';

/** Real hosts: installed by `npm run test:hosts`, apart from `npm test`. */
export default defineConfig({
  test: {
    include: ['test/hosts/**/*.check.ts'],
    environment: 'node',
    testTimeout: 120_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 1,
    reporters: ['default', './test/support/closing-line-reporter.ts'],
  },
});
