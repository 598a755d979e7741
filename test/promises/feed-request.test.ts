import { describe, expect, it } from 'vitest';
import type { FeedQuery } from '../../src/domain/ports/platform.ts';
import { answeringJson, startOddServer } from '../support/odd-server.ts';
import { forever, OWN_ID, platformAt } from '../support/platform-client.ts';
import { idOf } from '../support/rows.ts';

/** The path of one read of the feed, and what it asks for. */
async function askedFor(query: FeedQuery) {
  const server = await startOddServer(answeringJson(200, []));
  await platformAt(server.url).readActivity(query, forever);
  const [request] = server.seen;
  const url = new URL(request?.url ?? '', server.url);
  return { method: request?.method, path: url.pathname, query: Object.fromEntries(url.searchParams) };
}

describe('a read of the feed', () => {
  it('C1-2: is a GET of the activity of type a2a_receive, with the size of the page', async () => {
    const asked = await askedFor({ limit: 500 });
    expect(asked).toMatchObject({ method: 'GET', path: `/workspaces/${OWN_ID}/activity` });
    expect(asked.query).toMatchObject({ type: 'a2a_receive', limit: '500' });
    for (const name of ['since_id', 'since_secs', 'before_ts']) expect(asked.query).not.toHaveProperty(name);
  });

  it('C1-4: names the row after which it reads, and no span of time beside it', async () => {
    const { query } = await askedFor({ limit: 500, sinceId: idOf(1) });
    expect(query).toMatchObject({ type: 'a2a_receive', since_id: idOf(1) });
    expect(query).not.toHaveProperty('since_secs');
  });
});
