import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { makeReport } from '../inspector/report.ts';
import { SourceError } from '../replay/source.ts';

const USAGE = `molecule-inbox inspect FILE --out report.html

Makes one page, which needs no network, of a recording, an events.jsonl or
activity rows.
`;

/** Makes the offline report. Exit code 2: a file or an argument is of no use. */
export async function runInspect(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(USAGE);
    return 0;
  }
  try {
    const { path, out } = readArguments(args);
    const html = await makeReport(path);
    await writeFile(out, html, { mode: 0o600 }).catch((error: NodeJS.ErrnoException) => {
      throw new SourceError(`${out} cannot be written (${error.code ?? 'unknown trouble'})`);
    });
    process.stdout.write(`${out}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    process.stderr.write(`molecule-inbox inspect: ${error.message}\n`);
    return 2;
  }
}

function readArguments(args: readonly string[]): { path: string; out: string } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { out: { type: 'string' } },
      allowPositionals: true,
    });
    const [path] = positionals;
    if (path === undefined || positionals.length > 1 || !values.out)
      throw new SourceError(`say which file, and --out where to\n\n${USAGE}`);
    return { path, out: values.out };
  } catch (error) {
    if (error instanceof SourceError) throw error;
    throw new SourceError(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
  }
}
