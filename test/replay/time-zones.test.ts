import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { bundle } from '../support/bundle.ts';

describe('a replay in another place of the world', () => {
  const FILES = ['activity-uploads', 'activity-races', 'head/activity-wakes', 'head/activity-races-upload'];

  it('says the same, byte for byte', async () => {
    const program = await bundle('src/cli.ts');
    const printed = (zone: string, locale: string) =>
      execFileSync(
        process.execPath,
        [program, 'replay', ...FILES.map((name) => `test/fixtures/recordings/${name}.ndjson`)],
        { env: { TZ: zone, LANG: locale, LC_ALL: locale }, encoding: 'utf8' },
      );
    const here = printed('UTC', 'C');
    expect(here).toContain('digest: sha256 ');
    expect(printed('Pacific/Auckland', 'de_DE.UTF-8')).toBe(here);
    expect(printed('America/St_Johns', 'tr_TR.UTF-8')).toBe(here);
  });
});
