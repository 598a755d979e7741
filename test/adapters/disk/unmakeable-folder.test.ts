import { describe, expect, it } from 'vitest';
import { createDisk } from '../../../adapters/disk/disk.ts';
import { recordingLogger } from '../../support/recording-logger.ts';

describe('a folder that takes no new ones', () => {
  it.skipIf(process.platform !== 'linux')('is said, not waited for (only Linux has /proc)', async () => {
    const disk = createDisk({ logger: recordingLogger() });
    await expect(disk.ensureFolder('/proc/nope/deeper')).rejects.toThrow(
      /cannot create the folder \/proc\/nope/,
    );
  });
});
