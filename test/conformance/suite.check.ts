import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type LocalPlatform, startLocalPlatform } from '../../src/local-platform/local-platform.ts';
import { useCli } from '../support/cli.ts';
import { until } from '../support/until.ts';
import { outsidePath, runOutside } from './commands.ts';

/** What each scenario sends that only our program can answer: the bridge before it speaks no more than HTTP. */
const PASSED = {
  'server-initialize': 'initialize',
  ping: 'ping',
  'logging-set-level': 'logging/setLevel',
  'tools-list': 'tools/list',
  'resources-list': 'resources/list',
  'prompts-list': 'prompts/list',
  'server-sse-multiple-streams': 'tools/list',
} as const;

/** Scenarios for the suite's own demo server, each with what it cannot find here (completion is a capability that we do not declare). */
const ASKS_FOR_DEMO: Readonly<Record<string, RegExp>> = {
  'completion-complete': /-32601: Method not found/,
  'json-schema-2020-12': /Tool 'json_schema_2020_12_tool' not found/,
  'elicitation-sep1034-defaults': /Unknown tool: test_elicitation_sep1034_defaults/,
  'elicitation-sep1330-enums': /Unknown tool: test_elicitation_sep1330_enums/,
  'resources-read-text': /Resource not found: test:\/\/static-text/,
  'resources-read-binary': /Resource not found: test:\/\/static-binary/,
  'resources-templates-read': /Resource not found: test:\/\/template\/123\/data/,
  'resources-subscribe': /Resource not found: test:\/\/watched-resource/,
  'resources-unsubscribe': /Resource not found: test:\/\/watched-resource/,
  'prompts-get-simple': /Unknown prompt: test_simple_prompt/,
  'prompts-get-with-args': /Unknown prompt: test_prompt_with_arguments/,
  'prompts-get-embedded-resource': /Unknown prompt: test_prompt_with_embedded_resource/,
  'prompts-get-with-image': /Unknown prompt: test_prompt_with_image/,
  'tools-call-simple-text': /Unknown tool: test_simple_text/,
  'tools-call-image': /Unknown tool: test_image_content/,
  'tools-call-audio': /Unknown tool: test_audio_content/,
  'tools-call-embedded-resource': /Unknown tool: test_embedded_resource/,
  'tools-call-mixed-content': /Unknown tool: test_multiple_content_types/,
  'tools-call-with-logging': /Unknown tool: test_tool_with_logging/,
  'tools-call-error': /Unknown tool: test_error_handling/,
  'tools-call-with-progress': /Unknown tool: test_tool_with_progress/,
  'tools-call-sampling': /Unknown tool: test_sampling/,
  'tools-call-elicitation': /Unknown tool: test_elicitation/,
};

/** Scenarios about HTTP itself: they would judge the bridge, as a stdio server has neither Host headers nor streams to resume. */
const ABOUT_HTTP = ['dns-rebinding-protection', 'server-sse-polling'];

const checks = z.array(z.object({ status: z.string(), errorMessage: z.string().optional() }));
const cli = useCli();
const results = new Map<string, z.infer<typeof checks>>();
let relayed = '';
let platform: LocalPlatform;

describe('the official conformance suite, over a bridge from HTTP to stdio', () => {
  const folder = mkdtempSync(join(tmpdir(), 'molecule-inbox-conformance-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  beforeAll(async () => {
    platform = await startLocalPlatform({ rateLimit: 1_000_000 });
    const workspace = platform.createWorkspace({ name: 'agent' });
    const state = join(folder, 'state');
    mkdirSync(state, { mode: 0o700 });
    const port = await freePort();
    const program = `"${process.execPath}" "${cli.path}"`;
    const http = ['--outputTransport', 'streamableHttp', '--stateful', '--port', String(port)];
    const bridge = spawn('supergateway', ['--stdio', program, ...http], {
      env: {
        PATH: outsidePath(),
        HOME: folder,
        CONFIGS_DIR: state,
        PLATFORM_URL: platform.url,
        WORKSPACE_ID: workspace.id,
        MOLECULE_WORKSPACE_TOKEN: workspace.token,
      },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const note = (chunk: Buffer) => {
      relayed += chunk.toString();
    };
    bridge.stdout.on('data', note);
    bridge.stderr.on('data', note);
    try {
      await until(() => relayed.includes(`Listening on port ${port}`), 'the bridge listens', 30_000);
      const url = `http://127.0.0.1:${port}/mcp`;
      const suite = ['server', '--url', url, '--suite', 'all', '--output-dir', folder];
      const { stdout } = await runOutside('conformance', suite, { HOME: folder });
      console.log(stdout.slice(stdout.indexOf('=== SUMMARY ===')));
    } finally {
      bridge.kill();
      if (bridge.exitCode === null && bridge.signalCode === null) await once(bridge, 'exit');
      await platform.close();
    }
    for (const name of readdirSync(folder)) {
      const [, scenario] = /^server-(.+?)-\d{4}-\d\d-\d\dT/.exec(name) ?? [];
      if (!scenario) continue;
      const saved = JSON.parse(readFileSync(join(folder, name, 'checks.json'), 'utf8'));
      results.set(scenario, checks.parse(saved));
    }
  });

  it.each(Object.entries(PASSED))('%s passes', (scenario, method) => {
    const statuses = results.get(scenario)?.map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set(['SUCCESS']));
    expect(relayed).toMatch(new RegExp(`StreamableHttp → Child: \\{.*"method":"${method}"`));
  });

  it.each(Object.entries(ASKS_FOR_DEMO))('%s asks for what only the demo server has', (scenario, lacks) => {
    expect(results.get(scenario)).toEqual([
      expect.objectContaining({ status: 'FAILURE', errorMessage: expect.stringMatching(lacks) }),
    ]);
  });

  it('has no scenario beside these, and those about HTTP', () => {
    const known = [...Object.keys(PASSED), ...Object.keys(ASKS_FOR_DEMO), ...ABOUT_HTTP];
    expect([...results.keys()].sort()).toEqual(known.sort());
  });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
