import './console-guard.ts';

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

const USAGE = `molecule-inbox [serve]            the MCP server over stdio; what an MCP host starts
molecule-inbox init               asks what it needs, checks it, writes the configuration, prints the host's part
molecule-inbox config [--json]    every setting, its value and where that was set; no secret
molecule-inbox doctor [--json]    finds out why nothing arrives
molecule-inbox forget WORKSPACE   removes all that is kept of a workspace
molecule-inbox demo [--once]      a whole conversation on the embedded local platform
molecule-inbox replay FILE…       a recording, activity rows or events.jsonl, played again
molecule-inbox inspect FILE --out report.html   the same as a page to look at, without a network
molecule-inbox local-platform     a platform for trials and tests, on this machine only
`;

/** Runs one command; the exit code is 2 for a command nobody knows. */
async function main(args: readonly string[]): Promise<number> {
  const [first = 'serve'] = args;
  const isServe = first === 'serve' || first.startsWith('-');
  if (first === '-h' || first === 'help' || (isServe && args.includes('--help'))) {
    process.stdout.write(USAGE);
    return 0;
  }
  if (first === '--version') {
    process.stdout.write(`${(await import('./version.ts')).version}\n`);
    return 0;
  }
  const named = Object.hasOwn(commands, first);
  const command = named ? commands[first] : isServe ? commands.serve : undefined;
  if (!command) {
    process.stderr.write(`molecule-inbox: there is no command "${first}".\n\n${USAGE}`);
    return 2;
  }
  return (await command())(named ? args.slice(1) : [...args]);
}

main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
