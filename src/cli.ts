import './console-guard.ts';
import { isServe } from './launch/is-serve.ts';

/** The commands by name; each module is loaded only when it is asked for, so that `serve` starts fast. */
const commands: Readonly<Record<string, () => Promise<(args: string[]) => Promise<number>>>> = {
  serve: async () => (await import('./commands/serve.ts')).runServe,
  demo: async () => (await import('./commands/demo.ts')).runDemo,
  init: async () => (await import('./commands/init.ts')).runInit,
  config: async () => (await import('./commands/config.ts')).runConfig,
  doctor: async () => (await import('./commands/doctor.ts')).runDoctor,
  forget: async () => (await import('./commands/forget.ts')).runForget,
  replay: async () => (await import('./commands/replay.ts')).runReplay,
  inspect: async () => (await import('./commands/inspect.ts')).runInspect,
  'local-platform': async () => (await import('./commands/local-platform.ts')).runLocalPlatform,
};

const USAGE = `molecule-inbox [serve]           the MCP server over stdio: what a host starts
molecule-inbox init              sets it up: asks, checks, writes, tells hosts
molecule-inbox config            every setting, its value, where that was set
molecule-inbox doctor            finds out why nothing arrives
molecule-inbox forget WORKSPACE  removes all that is kept of a workspace
molecule-inbox demo              a whole conversation on a built-in platform
molecule-inbox replay FILE…      plays a recording or a log again
molecule-inbox inspect FILE      the same as a page that needs no network
molecule-inbox local-platform    a platform for trials, on this machine only

Each of them takes --help. A setting is a variable, a flag (--push-window 10) or
a key in config.json; molecule-inbox config lists them all.
`;

/** Runs one command; the exit code is 2 for a command nobody knows. */
async function main(args: readonly string[]): Promise<number> {
  const [first = 'serve', second = ''] = args;
  if (first === 'help' && Object.hasOwn(commands, second)) return main([second, '--help']);
  if (first === '-h' || first === 'help' || (isServe(first) && args.includes('--help'))) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (first === '--version') {
    process.stdout.write(`${(await import('./version.ts')).version}\n`);
    return 0;
  }
  const named = Object.hasOwn(commands, first);
  const command = named ? commands[first] : isServe(first) ? commands.serve : undefined;
  if (!command) {
    process.stderr.write(`molecule-inbox: there is no command "${first}".\n\n${USAGE}`);
    return 2;
  }
  return (await command())(named ? args.slice(1) : [...args]);
}

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
