import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createDisk } from '../../adapters/disk/disk.ts';
import { openEventLog } from '../../adapters/event-log/event-log.ts';
import { workspaceFolderName } from '../../adapters/state-directory/state-directory.ts';
import { classifyRow } from '../../src/domain/wire/classify.ts';
import { openLedger } from '../../src/ledger/ledger.ts';
import {
  answer,
  htmlPage,
  plainNotFound,
  redirect,
  stallBody,
  tooManyRequests,
  unavailable,
} from '../../src/local-platform/faults/fault.ts';
import { empty, json } from '../../src/local-platform/http/reply.ts';
import type { SeenRequest } from '../../src/local-platform/request-log.ts';
import { useCli } from '../support/cli.ts';
import { sayAsUser } from '../support/local-platform.ts';
import { recordingLogger } from '../support/recording-logger.ts';
import { chatRow, idOf, OWN } from '../support/rows.ts';
import { CA_FILE, startTlsFront } from '../support/tls-front.ts';
import { startTunnelProxy } from '../support/tunnel-proxy.ts';
import { until } from '../support/until.ts';
import { createPatient } from './clinic.ts';

const cli = useCli();
const HEALTH = 'GET /health';
const FEED = 'GET /workspaces/:id/activity';
const STREAM = 'GET /workspaces/:id/events/stream';
const ALWAYS = { times: Number.POSITIVE_INFINITY };

describe('all is well', () => {
  it('with a bridge at work, which is not disturbed: exit 0, a table for a person', async () => {
    const patient = await createPatient(cli);
    const bridge = await patient.start();
    await sayAsUser(patient.platform, patient.workspace, 'hello');
    await bridge.holds(1);
    const beats = () => patient.platform.requests.matching('POST /registry/register').length;
    const registered = beats();
    const examined = await patient.examine();
    expect(examined.findings.filter(({ status }) => status !== 'ok' && status !== 'skipped')).toEqual([]);
    expect(examined.code).toBe(0);
    expect(examined.of('windows')).toEqual([expect.stringContaining(`process ${bridge.pid} delivers: `)]);
    expect(examined.of('attention')).toEqual(['ok: 1 message waits, 1 of them offered to the host']);
    expect(beats()).toBe(registered);
    await sayAsUser(patient.platform, patient.workspace, 'still there?');
    await bridge.holds(2);

    const { env, home: cwd } = patient;
    const shown = await cli.run(['doctor'], { env, cwd });
    expect(shown).toMatchObject({ code: 0, stderr: '' });
    expect(shown.stdout).toMatch(/^This machine\n {2}ok {4}configuration/);
    expect(shown.stdout).toContain(`\nPlatform ${patient.platform.url}\n`);
    expect(shown.stdout).toContain(`\nWorkspace ${patient.workspace.id}\n`);
    expect(shown.stdout).toMatch(/\n\nAll is well\.\n$/);
  });

  it('through a proxy and TLS of one’s own', async () => {
    const patient = await createPatient(cli);
    const proxy = await startTunnelProxy({ port: await startTlsFront(patient.platform.port) });
    const examined = await patient.examine({
      PLATFORM_URL: 'https://platform.test',
      HTTPS_PROXY: proxy.url.replace('http://', 'http://user:SECRET@'),
      SSL_CERT_FILE: CA_FILE,
    });
    expect(examined.having('failed')).toEqual([]);
    expect(examined.of('platform')).toEqual([
      expect.stringMatching(/^ok: .* through the proxy 127\.0\.0\.1:\d+$/),
    ]);
    expect(examined.report).not.toContain('SECRET');
  });
});

it('a state directory that is not there yet is not made, by `config` neither', async () => {
  const patient = await createPatient(cli);
  const state = join(patient.home, 'state', 'below');
  expect((await patient.examine({ CONFIGS_DIR: state })).of('state directory')).toEqual([
    `ok: ${state}, which is made at the first start`,
  ]);
  const { env, home: cwd } = patient;
  expect(await cli.run(['config'], { env: { ...env, CONFIGS_DIR: state }, cwd })).toMatchObject({ code: 0 });
  expect(existsSync(join(patient.home, 'state'))).toBe(false);
});

describe('what the platform can do', () => {
  it.each([
    ['may', 'ok: as of May 2026, nothing newer'],
    ['head', 'ok: offers activity_ack, requests, row_seq, upload_limits'],
  ] as const)('is found out and named: %s', async (profile, says) => {
    const patient = await createPatient(cli, { profile });
    await sayAsUser(patient.platform, patient.workspace, 'hello');
    expect((await patient.examine()).of('features')).toEqual([says]);
    expect(patient.platform.workspace(patient.workspace.id)?.lastAckedSeq).toBeNull();
  });
});

describe('exit 1: something to look at', () => {
  it('no window runs', async () => {
    const examined = await (await createPatient(cli)).examine();
    expect(examined.code).toBe(1);
    expect(examined.having('warning')).toEqual(['windows']);
    expect(examined.of('windows')).toEqual([expect.stringContaining('no window runs')]);
  });

  it('the platform sees the agent online though no window runs here', async () => {
    const patient = await createPatient(cli);
    const workspace = patient.platform.workspace(patient.workspace.id);
    if (workspace) workspace.status = 'online';
    expect((await patient.examine()).of('presence')).toEqual([
      expect.stringContaining('though no window runs here'),
    ]);
  });

  it('the platform does not see the agent though a window runs', async () => {
    const patient = await createPatient(cli);
    const bridge = await patient.start({ MOLECULE_MCP_DISABLE_HEARTBEAT: '1' });
    await sayAsUser(patient.platform, patient.workspace, 'hello');
    await bridge.holds(1);
    const examined = await patient.examine();
    expect(examined.of('presence')).toEqual([
      expect.stringMatching(/^warning: the platform says "awaiting_agent", though a window runs/),
    ]);
    const told = await patient.examine({ MOLECULE_MCP_DISABLE_HEARTBEAT: '1' });
    expect(told.of('presence')).toEqual([expect.stringContaining('heartbeats are switched off')]);
    expect(told.of('configuration')).toContainEqual(
      expect.stringContaining('heartbeats are switched off (MOLECULE_MCP_DISABLE_HEARTBEAT)'),
    );
  });

  it('the agent says that it is in trouble: an error of its window, and degraded on the platform', async () => {
    const patient = await createPatient(cli);
    const bridges = ({ route, query }: SeenRequest) => route === FEED && query.get('limit') !== '1';
    patient.platform.faults.on(bridges, unavailable(), ALWAYS);
    await patient.start({ MOLECULE_HEARTBEAT_SECS: '0.1' });
    const { platform, workspace } = patient;
    await until(() => platform.workspace(workspace.id)?.status === 'degraded', 'a heartbeat that says so');
    const examined = await patient.examine();
    expect(examined.of('windows')).toEqual([expect.stringMatching(/^warning: .* last error: .*\(503\)/)]);
    expect(examined.of('presence')).toEqual([
      expect.stringContaining('as degraded, because the agent says so'),
    ]);
    expect(examined.code).toBe(1);
  });

  it('the window that delivers does not answer', async () => {
    const patient = await createPatient(cli);
    const bridge = await patient.start();
    await sayAsUser(patient.platform, patient.workspace, 'hello');
    await bridge.holds(1);
    process.kill(bridge.pid, 'SIGSTOP');
    try {
      await sayAsUser(patient.platform, patient.workspace, 'anybody there?');
      const examined = await patient.examine();
      expect(examined.of('windows')).toEqual([
        'warning: one window, and the one that delivers does not answer',
      ]);
      expect(examined.of('feed')).toEqual([
        'warning: 1 row on the platform was not read yet, though a window runs',
      ]);
    } finally {
      process.kill(bridge.pid, 'SIGCONT');
    }
  });

  it('a file does not come', async () => {
    const patient = await createPatient(cli);
    patient.platform.faults.on('GET /workspaces/:id/pending-uploads/:fileId/content', unavailable(), ALWAYS);
    const bridge = await patient.start({ MOLECULE_UPLOAD_DEADLINE_SECS: '0.1' });
    await sayAsUser(patient.platform, patient.workspace, 'with a file', [{ name: 'plan.txt', bytes: 'x' }]);
    await bridge.holds(1);
    expect((await patient.examine()).of('files')).toEqual([
      expect.stringMatching(/^warning: 1 of 1 files has not come, after \d+ attempts: .*\(503\)/),
    ]);
    const { env, home: cwd } = patient;
    expect((await cli.run(['doctor'], { env, cwd })).stdout).toContain('(plan.txt)');
  });

  it('others may write to the state directory', async () => {
    const patient = await createPatient(cli);
    chmodSync(patient.home, 0o777);
    const examined = await patient.examine();
    expect(examined.of('state directory')).toContainEqual(
      expect.stringMatching(/^warning: others may write to/),
    );
  });

  it('others may use the state directory and what lies in it: said, and left as it is', async () => {
    const patient = await createPatient(cli);
    const state = join(patient.home, 'state');
    mkdirSync(state, { mode: 0o755 });
    writeFileSync(join(state, 'config.json'), '{}', { mode: 0o644 });
    const examined = await patient.examine({ CONFIGS_DIR: state });
    expect(examined.of('state directory')).toEqual([
      `ok: ${state}`,
      `warning: others may use ${state} (mode 755)`,
      `warning: others may use ${join(state, 'config.json')} (mode 644)`,
    ]);
    const { env, home: cwd } = patient;
    await cli.run(['config'], { env: { ...env, CONFIGS_DIR: state }, cwd });
    const modes = [state, join(state, 'config.json')].map((path) => statSync(path).mode & 0o777);
    expect(modes).toEqual([0o755, 0o644]);
  });

  it('the inbox is switched off', async () => {
    const examined = await (await createPatient(cli)).examine({ MOLECULE_MCP_DISABLE_INBOX: '1' });
    expect(examined.of('configuration')).toContainEqual(expect.stringContaining('nothing can arrive'));
  });

  it.each([
    ['ahead of', 120_000],
    ['behind', -3_600_000],
  ])('this machine’s clock is %s the platform’s', async (which, aheadMs) => {
    const patient = await createPatient(cli);
    const date = new Date(Date.now() - aheadMs).toUTCString();
    patient.platform.faults.on(FEED, answer(json(200, [], { date })), ALWAYS);
    const examined = await patient.examine();
    expect(examined.of('clock')).toEqual([
      expect.stringMatching(new RegExp(`^warning: .* \\d+ s ${which} the platform's$`)),
    ]);
  });

  it('the row of the cursor was deleted, and rows wait', async () => {
    const patient = await createPatient(cli);
    const bridge = await patient.start({ MOLECULE_CURSOR_LAG_SECS: '0' });
    await sayAsUser(patient.platform, patient.workspace, 'one');
    await bridge.holds(1);
    // The cursor follows the server's clock, which tells whole seconds.
    await until(() => logOf(patient.home).includes('"cursor":{"id"'), 'a cursor in the log');
    await bridge.close();
    await sayAsUser(patient.platform, patient.workspace, 'two');
    expect((await patient.examine()).of('feed')).toEqual(['ok: 1 row on the platform waits to be read']);
    patient.platform.faults.prune(patient.workspace.id);
    expect((await patient.examine()).of('feed')).toEqual([
      expect.stringContaining('no longer on the platform'),
    ]);
  });

  it.each([
    ['is not there', plainNotFound()],
    ['is cut by something in between', unavailable()],
    ['is a page', htmlPage()],
  ])('the wake-up stream %s', async (_what, fault) => {
    const patient = await createPatient(cli);
    patient.platform.faults.on(STREAM, fault, ALWAYS);
    const examined = await patient.examine({ MOLECULE_POLL_SECS: '7' });
    expect(examined.of('wake-up stream')).toEqual([
      expect.stringMatching(/^warning: .*; messages come up to 7 s later$/),
    ]);
    expect(examined.having('failed')).toEqual([]);
  });

  it('connected but deaf: offered long ago, never taken, and said so after a compaction, too', async () => {
    const patient = await createPatient(cli);
    let minutesAgo = 20;
    const folder = join(
      patient.home,
      'workspaces',
      workspaceFolderName({ ...patient.workspace, platformUrl: patient.platform.url }),
    );
    const logger = recordingLogger();
    const disk = createDisk({ logger });
    for (const path of [patient.home, join(patient.home, 'workspaces'), folder])
      await disk.ensureFolder(path);
    const log = openEventLog({ folder, disk, logger });
    const ledger = await openLedger({ log, clock: () => Date.now() - minutesAgo * 60_000 });
    const rows = [1, 2, 3].map((number) => classifyRow(chatRow(number, `message ${number}`), OWN));
    await ledger.commit({ type: 'recordFact', fact: { type: 'session.opened', data: { session: 1 } } });
    await ledger.commit({ type: 'takeRows', opened: null, rows, advanced: null });
    for (const number of [1, 2, 3])
      await ledger.commit({ type: 'releaseMessage', activityId: idOf(number), outcomes: [] });
    await ledger.commit({ type: 'noteOffers', activityIds: [1, 2, 3].map((number) => idOf(number)) });
    const examined = await patient.examine();
    expect(examined.of('attention')).toEqual(['warning: 3 offered, none taken in 20 minutes']);
    expect(examined.report).toContain('--dangerously-load-development-channels');

    await log.compact(ledger.state);
    expect((await patient.examine()).of('attention')).toEqual(examined.of('attention'));
    minutesAgo = 5;
    await ledger.commit({ type: 'popMessage', activityId: idOf(1), by: 'pop' });
    await log.compact(ledger.state);
    await ledger.close();
    expect((await patient.examine()).of('attention')).toEqual([
      'ok: 2 messages wait, 2 of them offered to the host',
    ]);
  });

  it('too many requests', async () => {
    const patient = await createPatient(cli);
    patient.platform.faults.on(HEALTH, tooManyRequests(30), ALWAYS);
    const examined = await patient.examine();
    expect(examined.of('platform')).toEqual([expect.stringContaining('too many requests (429)')]);
    expect(examined.of('token')).toEqual([expect.stringMatching(/^ok/)]);
    expect(examined.code).toBe(1);
  });

  it('no host starts it, another client does, or one with other variables', async () => {
    const patient = await createPatient(cli);
    const path = join(patient.home, '.claude.json');
    writeFileSync(path, '{}');
    expect((await patient.examine()).of('hosts')).toEqual([
      expect.stringContaining('no host that this program knows'),
    ]);
    const entry = {
      command: 'node',
      args: [cli.path],
      env: { PLATFORM_URL: 'https://SECRET' },
    };
    writeFileSync(
      path,
      JSON.stringify({
        projects: { '/p': { mcpServers: { mine: entry, old: { command: 'molecule-mcp' } } } },
      }),
    );
    mkdirSync(join(patient.home, '.codex'));
    writeFileSync(
      join(patient.home, '.codex/config.toml'),
      '[mcp_servers.molecule]\ncommand = "npx"\nargs = ["-y", "molecule-inbox@1"]\n',
    );
    const examined = await patient.examine();
    expect(examined.of('hosts')).toEqual([
      expect.stringMatching(/^ok: Claude Code \("mine" in .*\), Codex \("molecule" in .*config\.toml\)/),
      expect.stringMatching(/^warning: Claude Code starts it with PLATFORM_URL of its own/),
      expect.stringMatching(/^warning: Claude Code also starts another client of the platform \("old"/),
    ]);
    expect(examined.report).not.toContain('SECRET');
  });

  it('a host is told to start what is not there any more', async () => {
    const patient = await createPatient(cli);
    const entry = { command: '/gone/bin/node', args: [cli.path] };
    writeFileSync(join(patient.home, '.claude.json'), JSON.stringify({ mcpServers: { molecule: entry } }));
    expect((await patient.examine()).of('hosts')).toEqual([
      expect.stringMatching(
        /^warning: Claude Code is told to start \/gone\/bin\/node, which is not there \("molecule" in .*\)$/,
      ),
    ]);
  });

  it('Claude Code starts it as a plugin: enough by itself, too much beside an entry', async () => {
    const patient = await createPatient(cli);
    mkdirSync(join(patient.home, '.claude'));
    const settings = join(patient.home, '.claude/settings.json');
    const enabledPlugins = {
      'molecule-inbox@mine': true,
      'molecule@other': true,
      'molecule-inbox@off': false,
    };
    writeFileSync(settings, JSON.stringify({ enabledPlugins }));
    const both = await patient.examine();
    expect(both.of('hosts')).toEqual([
      expect.stringMatching(
        /^ok: Claude Code \("molecule" in .*\), Claude Code \("molecule-inbox@mine" in .*settings\.json\)$/,
      ),
      'warning: Claude Code starts it twice, as a plugin and by an entry ("molecule")',
      expect.stringMatching(
        /^warning: Claude Code also starts another client of the platform \("molecule@other" in/,
      ),
    ]);
    writeFileSync(join(patient.home, '.claude.json'), '{}');
    writeFileSync(settings, JSON.stringify({ enabledPlugins: { 'molecule-inbox@mine': true } }));
    expect((await patient.examine()).of('hosts')).toEqual([
      expect.stringMatching(/^ok: Claude Code \("molecule-inbox@mine"/),
    ]);
  });

  it('a misspelt key in config.json', async () => {
    const patient = await createPatient(cli);
    writeFileSync(join(patient.home, 'config.json'), '{"pol_secs":1}', { mode: 0o600 });
    expect((await patient.examine()).of('configuration')).toContainEqual(
      'warning: config.json: "pol_secs" is no setting',
    );
  });
});

describe('exit 2: the configuration', () => {
  it.each([
    [{ WORKSPACE_ID: '' }, 'WORKSPACE_ID is not set'],
    [{ PLATFORM_URL: 'platform' }, 'PLATFORM_URL does not begin'],
    [{ MOLECULE_POLL_SECS: 'x' }, 'MOLECULE_POLL_SECS must be'],
  ])('%s', async (env, problem) => {
    const examined = await (await createPatient(cli)).examine(env);
    expect(examined.code).toBe(2);
    expect(examined.of('configuration')).toEqual([expect.stringContaining(`failed: ${problem}`)]);
  });

  it('the state directory is no directory', async () => {
    const patient = await createPatient(cli);
    const examined = await patient.examine({ CONFIGS_DIR: join(patient.home, '.claude.json') });
    expect(examined.code).toBe(2);
    expect(examined.of('configuration')).toEqual([expect.stringContaining('CONFIGS_DIR')]);
  });

  it('the platform redirects: the target is named, the token never sent there', async () => {
    const patient = await createPatient(cli);
    patient.platform.faults.on(HEALTH, redirect('https://elsewhere.example/health?x=1', 308), ALWAYS);
    const examined = await patient.examine();
    expect(examined.code).toBe(2);
    expect(examined.of('platform')).toEqual([
      expect.stringContaining('redirected to https://elsewhere.example/health (308)'),
    ]);
    expect(examined.of('token')).toEqual(['skipped: not tried: something before it failed']);
  });

  it('our origin is refused', async () => {
    const patient = await createPatient(cli);
    patient.platform.faults.on(HEALTH, answer(empty(403, { 'content-length': '0' })), ALWAYS);
    const examined = await patient.examine();
    expect(examined.code).toBe(2);
    expect(examined.report).toContain('CORS_ORIGINS');
  });

  it('a hosted tenant without its org id', async () => {
    const patient = await createPatient(cli, { orgId: 'org-1' });
    const examined = await patient.examine();
    expect(examined.code).toBe(2);
    expect(examined.of('platform')).toEqual([expect.stringMatching(/^ok/)]);
    expect(examined.of('token')).toEqual([expect.stringMatching(/^failed: .*there is no such route/)]);
    expect(examined.report).toContain('MOLECULE_ORG_ID');
    expect((await patient.examine({ MOLECULE_ORG_ID: 'org-1' })).having('failed')).toEqual([]);
  });

  it('a damaged log', async () => {
    const patient = await createPatient(cli);
    const bridge = await patient.start();
    await sayAsUser(patient.platform, patient.workspace, 'one');
    await bridge.holds(1);
    await bridge.close();
    const [folder = ''] = readdirSync(join(patient.home, 'workspaces'));
    const log = join(patient.home, 'workspaces', folder, 'events.jsonl');
    writeFileSync(log, readFileSync(log, 'utf8').replace('"seq":2', '"seq":9'));
    const examined = await patient.examine();
    expect(examined.code).toBe(2);
    expect(examined.of('feed')).toEqual([
      expect.stringMatching(/^failed: the log cannot be read: .*events\.jsonl:\d+/),
    ]);
  });
});

describe('exit 3: the token', () => {
  it.each(['was revoked', 'is another workspace’s'])('%s', async (what) => {
    const patient = await createPatient(cli);
    const { platform, workspace } = patient;
    platform.revokeTokens(workspace.id);
    platform.issueToken(workspace.id);
    const other = platform.createWorkspace({ name: 'other' });
    const examined = await patient.examine(
      what === 'was revoked' ? {} : { MOLECULE_WORKSPACE_TOKEN: other.token },
    );
    expect(examined.code).toBe(3);
    expect(examined.of('token')).toEqual([
      'failed: the platform does not accept the token (MOLECULE_WORKSPACE_TOKEN): invalid workspace auth token',
    ]);
    expect(examined.report).not.toContain(other.token);
  });

  it('the workspace was removed', async () => {
    const patient = await createPatient(cli);
    patient.platform.removeWorkspace(patient.workspace.id);
    const examined = await patient.examine();
    expect(examined.code).toBe(3);
    expect(examined.of('token')).toEqual([
      expect.stringMatching(/^failed: the workspace was removed from the platform at 20/),
    ]);
  });

  it('there is no such workspace', async () => {
    const patient = await createPatient(cli);
    const examined = await patient.examine({ WORKSPACE_ID: '6f1f0b8e-4d3c-4a59-9d35-0c7f0f6f2a11' });
    expect(examined.code).toBe(3);
    expect(examined.of('token')).toEqual(['failed: the platform knows no workspace of this id']);
  });

  it('one of several: each is told of by itself', async () => {
    const patient = await createPatient(cli);
    const { platform, workspace } = patient;
    const other = platform.createWorkspace({ name: 'other' });
    const list = [workspace, { id: other.id, token: 'wrong-token' }].map(({ id, token }) => ({ id, token }));
    const examined = await patient.examine({ MOLECULE_WORKSPACES: JSON.stringify(list) });
    expect(examined.code).toBe(3);
    const tokens = examined.findings.filter(({ check }) => check === 'token');
    expect(tokens.map(({ about, status }) => [about, status])).toEqual([
      [workspace.id, 'ok'],
      [other.id, 'failed'],
    ]);
  });
});

describe('exit 4: the platform cannot be reached', () => {
  it('its name cannot be looked up', async () => {
    const examined = await (await createPatient(cli)).examine({ PLATFORM_URL: 'http://platform.invalid' });
    expect(examined.code).toBe(4);
    expect(examined.of('name')).toEqual([
      expect.stringContaining('the name platform.invalid cannot be looked up'),
    ]);
    expect(examined.of('token')).toEqual([expect.stringMatching(/^skipped/)]);
  });

  it.each([
    ['server', '', 'signed by nobody that is trusted here'],
    ['expired', CA_FILE, 'has expired'],
    ['other', CA_FILE, 'is for another name'],
  ] as const)('its certificate (%s) proves nothing', async (certificate, SSL_CERT_FILE, reason) => {
    const patient = await createPatient(cli);
    const port = await startTlsFront(patient.platform.port, certificate);
    const examined = await patient.examine({ PLATFORM_URL: `https://localhost:${port}`, SSL_CERT_FILE });
    expect(examined.code).toBe(4);
    expect(examined.of('encryption')).toEqual([expect.stringContaining(reason)]);
    expect(examined.of('platform')).toEqual([expect.stringMatching(/^skipped/)]);
  });

  it('it speaks no TLS there', async () => {
    const patient = await createPatient(cli);
    const examined = await patient.examine({ PLATFORM_URL: patient.platform.url.replace('http:', 'https:') });
    expect(examined.code).toBe(4);
    expect(examined.of('encryption')).toEqual([expect.stringContaining('speaks no TLS')]);
  });

  it('nobody listens there', async () => {
    const patient = await createPatient(cli);
    await patient.platform.goDown();
    const examined = await patient.examine();
    expect(examined.code).toBe(4);
    expect(examined.of('platform')).toEqual([expect.stringContaining('nobody listens there (ECONNREFUSED)')]);
  });

  it('nobody listens there, with TLS', async () => {
    const examined = await (await createPatient(cli)).examine({ PLATFORM_URL: 'https://127.0.0.1:1' });
    expect(examined.code).toBe(4);
    expect(examined.of('encryption')).toEqual(['failed: there is no connection (ECONNREFUSED)']);
  });

  it.each([
    ['platform', HEALTH],
    ['token', FEED],
  ] as const)('%s: it does not answer in time', async (check, route) => {
    const patient = await createPatient(cli);
    patient.platform.faults.on(route, stallBody(0), ALWAYS);
    const examined = await patient.examine({}, 300);
    expect(examined.of(check)).toEqual([expect.stringMatching(/^failed: .* took longer than 0\.3 s$/)]);
    expect(examined.code).toBe(4);
  });

  it('it answers, but not when asked for what was not read yet', async () => {
    const patient = await createPatient(cli);
    const bridge = await patient.start();
    await sayAsUser(patient.platform, patient.workspace, 'one');
    await bridge.holds(1);
    await bridge.close();
    const more = ({ route, query }: SeenRequest) => route === FEED && query.get('limit') !== '1';
    patient.platform.faults.on(more, unavailable(), ALWAYS);
    const examined = await patient.examine();
    expect(examined.of('feed')).toEqual([expect.stringMatching(/^failed: .*in trouble \(503\)/)]);
    expect(examined.code).toBe(4);
  });

  it.each([
    ['in trouble', unavailable(), 'in trouble (503): platform datastore unavailable'],
    ['a sign-in page', htmlPage(), 'answered with a web page'],
  ])('%s answers', async (_what, fault, says) => {
    const patient = await createPatient(cli);
    patient.platform.faults.on(HEALTH, fault, ALWAYS);
    const examined = await patient.examine();
    expect(examined.code).toBe(4);
    expect(examined.of('platform')).toEqual([expect.stringContaining(says)]);
  });

  it('the proxy refuses', async () => {
    const patient = await createPatient(cli);
    const proxy = await startTunnelProxy({ status: 407 });
    const examined = await patient.examine({ PLATFORM_URL: 'http://platform.test', HTTP_PROXY: proxy.url });
    expect(examined.code).toBe(4);
    expect(examined.of('platform')).toEqual([expect.stringContaining('the proxy refused to connect (407)')]);
    expect(examined.of('encryption')).toEqual([
      'warning: http://platform.test is not encrypted: everybody on the way can read the token',
    ]);
  });
});

describe('--bundle', () => {
  it('writes a private report without messages, tokens or the home directory, and replaces nothing', async () => {
    const patient = await createPatient(cli);
    const bridge = await patient.start();
    await sayAsUser(patient.platform, patient.workspace, 'a private matter');
    await bridge.holds(1);
    const path = join(patient.home, 'report.json');
    const { env, home: cwd } = patient;
    const { code, stdout, stderr } = await cli.run(['doctor', '--json', '--bundle', path], { env, cwd });
    expect(JSON.parse(stdout)).toEqual({ exit_code: code, findings: expect.any(Array) });
    expect(code).toBe(0);
    expect(stderr).toContain('report.json holds the report');
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const text = readFileSync(path, 'utf8');
    for (const secret of [patient.workspace.token, 'a private matter', patient.home])
      expect(text).not.toContain(secret);
    expect(JSON.parse(text)).toMatchObject({
      findings: expect.arrayContaining([expect.objectContaining({ check: 'token', status: 'ok' })]),
      config: { workspaces: [{ id: patient.workspace.id }] },
      workspaces: [{ log: { kind: 'kept', waiting: 1 } }],
    });
    appendFileSync(path, 'mine');
    const again = await cli.run(['doctor', `--bundle=${path}`], { env, cwd });
    expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('exists already') });
    expect(readFileSync(path, 'utf8')).toMatch(/mine$/);
    expect(existsSync(join(patient.home, 'undefined'))).toBe(false);
  });
});

describe('no byte of a secret leaves the program', () => {
  /** What a platform that is out of order says about a request: all that the request brought. */
  const echo = (token: string, proxy: string) =>
    answer(
      json(401, {
        error: `Authorization: Bearer ${token} (${encodeURIComponent(token)}), Proxy-Authorization: Basic ${Buffer.from(proxy).toString('base64')} for ${proxy}`,
      }),
    );

  it.each([
    ['a good configuration', {}],
    ['one that cannot be read', { MOLECULE_WORKSPACES: '[{"token":"SECRET-torn"' }],
    ['a token where an id belongs', { MOLECULE_WORKSPACES: '', WORKSPACE_ID: 'SECRET-swapped' }],
    ['credentials in the URL', { PLATFORM_URL: 'https://me:SECRET-url@platform.test/?token=SECRET-query' }],
    ['a proxy that is none', { HTTP_PROXY: 'socks5://me:SECRET-socks@proxy.test' }],
  ])('%s', async (_what, wrong) => {
    const patient = await createPatient(cli);
    const { platform, workspace, home, env } = patient;
    const other = platform.createWorkspace({ name: 'other' });
    const odd = 'SECRET"odd+/=\\token';
    const proxy = await startTunnelProxy({ port: platform.port });
    platform.faults.on(STREAM, redirect(`https://me:SECRET-to@elsewhere.test/${workspace.token}`), ALWAYS);
    platform.faults.on('GET /workspaces/:id', echo(odd, 'me:SECRET-proxy'), ALWAYS);
    const files = {
      '.auth_token': 'SECRET-auth',
      'odd-token': odd,
      'config.json': JSON.stringify({ workspaces: [{ id: other.id, token: 'SECRET-file' }], pol_secs: 'x' }),
      '.claude/channels/molecule/.env': `MOLECULE_WORKSPACE_IDS=${other.id}\nMOLECULE_WORKSPACE_TOKENS=SECRET-plugin\n`,
      '.claude.json': JSON.stringify({
        mcpServers: {
          a: { command: 'molecule-inbox', env: { MOLECULE_WORKSPACE_TOKEN: 'SECRET-host' } },
          b: { command: 'molecule-mcp', args: ['--token', 'SECRET-args'], url: 'https://me:SECRET-b@x' },
        },
      }),
    };
    mkdirSync(join(home, '.claude/channels/molecule'), { recursive: true });
    for (const [path, text] of Object.entries(files)) writeFileSync(join(home, path), text, { mode: 0o600 });
    const list = [
      { id: workspace.id, token: workspace.token },
      { id: other.id, token_file: 'odd-token' },
      { id: idOf(1), token: 'SECRET-unknown' },
    ];
    const run = (...args: readonly string[]) =>
      cli.run(['doctor', ...args], {
        cwd: home,
        env: {
          ...env,
          PLATFORM_URL: 'http://platform.test',
          HTTP_PROXY: proxy.url.replace('http://', 'http://me:SECRET-proxy@'),
          HTTPS_PROXY: 'https://me:SECRET-https@proxy.test/',
          MOLECULE_WORKSPACES: JSON.stringify(list),
          ...wrong,
        },
      });

    const bundle = join(home, 'report.json');
    const said = [await run('--bundle', bundle), await run('--json')].flatMap((ran) => [
      ran.stdout,
      ran.stderr,
    ]);
    const bytes = [...said, readFileSync(bundle, 'utf8')].join('\n');
    const proxied = Buffer.from('me:SECRET-proxy').toString('base64');
    const secrets = [workspace.token, 'SECRET', 'odd+', 'odd%2B', proxied];
    const lines = bytes.split('\n').filter((line) => secrets.some((secret) => line.includes(secret)));
    expect(lines).toEqual([]);
    if (Object.keys(wrong).length > 0) return;
    expect(bytes).toContain('not accept the token');
    expect(proxy.authorizations).toContain(`Basic ${proxied}`);
  });
});

/** The log of the only workspace in a state directory. */
function logOf(home: string): string {
  const [folder = ''] = readdirSync(join(home, 'workspaces'));
  return readFileSync(join(home, 'workspaces', folder, 'events.jsonl'), 'utf8');
}
