import { describe, expect, it } from 'vitest';
import { createPollWorkspace, startTestPlatform } from '../support/local-platform.ts';
import { createTempFolder } from '../support/temp-folder.ts';
import { killRepeatedly } from './kill-repeatedly.ts';

const kills = Number(process.env.CRASH_KILLS ?? 6);
const seed = Number(process.env.CRASH_SEED ?? Math.floor(Math.random() * 1e9));

describe('kill -9 at random moments', () => {
  it(
    `loses nothing and brings nothing back, ${kills} times (CRASH_SEED=${seed})`,
    async () => {
      const platform = await startTestPlatform();
      const workspace = await createPollWorkspace(platform);
      const stateFolder = createTempFolder('state');
      const count = await killRepeatedly({ platform, workspace, kills, seed, stateFolder });
      console.error(
        `${count.kills} kills, ${count.said} said, ${count.popped} popped: lost ${count.lost}, returned ${count.returned} (CRASH_SEED=${seed})`,
      );
      expect(count).toMatchObject({ lost: 0, returned: 0, filesMissing: 0, disorder: 0 });
    },
    30_000 + kills * 10_000,
  );
});
