import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { bundle } from '../support/bundle.ts';

describe('a replay in another place of the world', () => {
  const FILES = ['recordings', 'recordings/head', 'runs'].flatMap((folder) =>
    readdirSync(`test/fixtures/${folder}`)
      .filter((name) => name.endsWith('.ndjson') && (folder === 'runs' || name.startsWith('activity-')))
      .map((name) => `test/fixtures/${folder}/${name}`),
  );

  it('says the same, byte for byte', async () => {
    const program = await bundle('src/cli.ts');
    const printed = (zone: string, locale: string) =>
      execFileSync(process.execPath, [program, 'replay', ...FILES], {
        env: { TZ: zone, LANG: locale, LC_ALL: locale },
        encoding: 'utf8',
      });
    const here = printed('UTC', 'C');
    expect(here.match(/^digest: sha256 /gm)?.length).toBeGreaterThanOrEqual(FILES.length);
    expect(printed('Pacific/Auckland', 'de_DE.UTF-8')).toBe(here);
    expect(printed('America/St_Johns', 'tr_TR.UTF-8')).toBe(here);
  });
});
