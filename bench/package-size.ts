import { execFileSync } from 'node:child_process';
import type { Row } from './row.ts';

/** What `npm pack` would publish of the present `dist/`. */
export function measurePackage(): readonly Row[] {
  const said = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [pack] = JSON.parse(said) as { size: number; unpackedSize: number; entryCount: number }[];
  const kib = (bytes = Number.NaN) => `${Math.round(bytes / 1024)} KiB`;
  return [
    {
      what: 'npm package',
      measured: `${kib(pack?.size)} packed, ${kib(pack?.unpackedSize)} unpacked, ${pack?.entryCount} files`,
      floor: '',
      ratio: null,
      budget: '',
      within: pack !== undefined,
    },
  ];
}
