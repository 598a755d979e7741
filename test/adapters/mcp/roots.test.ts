import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { ListRootsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createOfferedRoots } from '../../../adapters/mcp/roots.ts';
import { recordingLogger } from '../../support/recording-logger.ts';

/** What is made of the roots of a host; null for one that offers none. */
async function rootsOf(tell: (() => readonly string[]) | null) {
  const [near, far] = InMemoryTransport.createLinkedPair();
  const server = new Server({ name: 'server', version: '0' }, { capabilities: {} });
  const client = new Client({ name: 'host', version: '0' }, { capabilities: tell ? { roots: {} } : {} });
  if (tell)
    client.setRequestHandler(ListRootsRequestSchema, () => ({ roots: tell().map((uri) => ({ uri })) }));
  await Promise.all([server.connect(far), client.connect(near)]);
  onTestFinished(() => client.close());
  const logger = recordingLogger();
  return { roots: createOfferedRoots(server, logger), logger };
}

describe('the roots that a host offers', () => {
  it('are local paths, told anew each time', async () => {
    let told = ['file:///work/my%20project'];
    const { roots } = await rootsOf(() => told);
    expect(await roots()).toEqual(['/work/my project']);
    told = ['file:///one/', 'file:///two'];
    expect(await roots()).toEqual(['/one/', '/two']);
  });

  it('are none of those that are no folder of this machine', async () => {
    const { roots } = await rootsOf(() => ['file://elsewhere/share', 'file:///here', 'file:///a%2Fb']);
    expect(await roots()).toEqual(['/here']);
  });

  it('are not offered by a host that does not say so', async () => {
    const { roots } = await rootsOf(null);
    expect(await roots()).toBeNull();
  });

  it('are none, and not the working directory, when the host does not tell them after all', async () => {
    const { roots, logger } = await rootsOf(() => {
      throw new Error('no project is open');
    });
    expect(await roots()).toEqual([]);
    expect(logger.lines.join()).toContain('no project is open');
  });
});
