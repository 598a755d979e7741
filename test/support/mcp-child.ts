import { createMcpServer } from '../../adapters/mcp/server.ts';
import { memoryAgent } from './memory-agent.ts';

/** A process of its own that speaks MCP over its stdin and stdout, for tests of real pipes. Ends as the program does. */
const agent = memoryAgent();
const server = createMcpServer({
  agent: () => agent,
  name: 'child',
  version: '0.0.0',
  instructions: 'be present',
  logger: { info: () => {}, warn: log, error: log },
});
void server.closed.then((reason) => {
  log(`closed: ${reason}`);
  process.exit(0);
});
await server.start();

function log(line: string): void {
  process.stderr.write(`${line}\n`);
}
