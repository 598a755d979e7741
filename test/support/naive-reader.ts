import { extractText } from '../../src/domain/wire/text.ts';
import type { LocalPlatform } from '../../src/local-platform/local-platform.ts';
import type { TestWorkspace } from './local-platform.ts';

/** Reads a real feed as one would who takes the last row's id for all that there is to know: what must lose rows. */
export class NaiveReader {
  readonly texts: string[] = [];
  readonly #platform: Pick<LocalPlatform, 'url'>;
  readonly #workspace: TestWorkspace;
  #cursor = '';

  constructor(platform: Pick<LocalPlatform, 'url'>, workspace: TestWorkspace) {
    this.#platform = platform;
    this.#workspace = workspace;
  }

  /** One page after the last row read; of the last ten minutes at first. */
  async read(): Promise<void> {
    const { id, token } = this.#workspace;
    const from = this.#cursor === '' ? 'since_secs=600' : `since_id=${this.#cursor}`;
    const url = `${this.#platform.url}/workspaces/${id}/activity?type=a2a_receive&limit=500&${from}`;
    const reply = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    const rows = (await reply.json()) as { id: string; request_body: unknown }[];
    for (const row of rows) {
      this.texts.push(extractText(row.request_body, null));
      this.#cursor = row.id;
    }
  }
}
