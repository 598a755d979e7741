import { defineConfig } from 'vitest/config';

/** Tests that speak with a server: they hold with either generation of it, unless one says which it needs. */
const WITH_A_SERVER = [
  'test/{bridge,canvas,crash,directory,e2e,forget,memories,outbox,promises,recording,weaknesses}/**/*.test.ts',
];
/** Those of them that also run against the server of August with every `npm test`; `npm run test:head` runs them all. */
const ALSO_ON_HEAD = ['main-job', 'trouble'].map((name) => `test/e2e/${name}.test.ts`);

// XState reports misuse (events sent to stopped actors and the like) only under the `development` condition.
export default defineConfig({
  ssr: { resolve: { conditions: ['development', 'node', 'import', 'default'] } },
  test: {
    environment: 'node',
    testTimeout: 60_000,
    hookTimeout: 30_000,
    pool: 'forks',
    // Files share the modules of their worker: nothing we ship keeps state in a module, and loading takes longer than most tests.
    isolate: false,
    // One more than the cores of CI: the tests of whole processes wait a good part of their time.
    maxWorkers: 3,
    server: { deps: { inline: ['xstate'] } },
    reporters: ['default', './test/support/closing-line-reporter.ts'],
    projects: [
      { extends: true, test: { name: 'may', include: ['test/**/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'head',
          include: process.env.TEST_PROFILE === 'head' ? WITH_A_SERVER : ALSO_ON_HEAD,
          env: { TEST_PROFILE: 'head' },
        },
      },
    ],
  },
});
