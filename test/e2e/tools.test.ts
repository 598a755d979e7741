import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, it } from 'vitest';
import { listTools } from '../../adapters/mcp/tools/list-tools.ts';
import { serverError } from '../../src/local-platform/faults/fault.ts';
import type { LocalPlatform } from '../../src/local-platform/local-platform.ts';
import { type Profile, profiles } from '../../src/local-platform/profile.ts';
import { type BridgeProcess, startBridgeProcess } from '../support/bridge-process.ts';
import { createPollWorkspace, sayAsUser, startTestPlatform } from '../support/local-platform.ts';
import { type ToolCase, type ToolWorld, toolCases } from '../support/tool-cases.ts';
import { toolTexts } from '../support/tool-texts.ts';
import { until } from '../support/until.ts';

/** A bridge on a server of one generation, with what its tools are called on. */
interface Stage extends ToolWorld {
  readonly platform: LocalPlatform;
  readonly bridge: BridgeProcess;
}

const ALWAYS = { times: Number.POSITIVE_INFINITY };

async function startOn(profile: Profile, env: Readonly<Record<string, string>> = {}): Promise<Stage> {
  const platform = await startTestPlatform({ profile });
  const [own, peer] = [
    await createPollWorkspace(platform, 'own'),
    await createPollWorkspace(platform, 'peer'),
  ];
  const bridge = await startBridgeProcess(platform, {
    workspaces: [own],
    env: { MOLECULE_CALL_MAX_SECS: '1', MOLECULE_DELEGATE_MAX_SECS: '1', ...env },
  });
  for (const text of ['the first', 'the second']) await sayAsUser(platform, own, text);
  const [, second] = await bridge.holds(2);
  await platform.requests.answered(1, 'POST /registry/heartbeat');
  const requestId = profile === 'head' ? await askFor(platform, peer, own.id) : '';
  return { platform, bridge, own, peer, messageId: second?.activity_id ?? '', requestId };
}

/** Lets a peer ask something of the agent; resolves with the request's id. */
async function askFor(
  platform: LocalPlatform,
  peer: ToolWorld['peer'],
  recipientId: string,
): Promise<string> {
  const json = { kind: 'task', recipient_type: 'agent', recipient_id: recipientId, title: 'look at this' };
  const response = await fetch(`${platform.url}/workspaces/${peer.id}/requests`, {
    method: 'POST',
    headers: { authorization: `Bearer ${peer.token}` },
    body: JSON.stringify(json),
  });
  return ((await response.json()) as { request_id: string }).request_id;
}

/** Starts both servers and gives each case of interest its own, all at the same time. */
async function eachTool(
  concerns: (tool: ToolCase) => boolean,
  meet: (tool: ToolCase, stage: Stage) => Promise<void>,
): Promise<void> {
  const [may, head] = await Promise.all(profiles.map((profile) => startOn(profile)));
  if (!may || !head) throw new Error('a server of each generation was to start');
  const stages = { may, head };
  await Promise.all(toolCases.filter(concerns).map((tool) => meet(tool, stages[tool.on])));
}

function call({ bridge }: Stage, name: string, args: Record<string, unknown>, signal?: AbortSignal) {
  const options = signal === undefined ? {} : { signal };
  return bridge.client.callTool({ name, arguments: args }, undefined, options) as Promise<CallToolResult>;
}

/** What a model reads of a refusal: what happened, then what to do next, then how many messages wait. */
function expectRefusal(tool: ToolCase, result: CallToolResult, why: string): void {
  const [said = '', waiting = ''] = toolTexts(result);
  expect.soft(result.isError, `${tool.name}: ${said}`).toBe(true);
  expect.soft(said, tool.name).toContain(why);
  expect.soft(said.split('\n').length, `${tool.name} says what to do next: ${said}`).toBeGreaterThan(1);
  expect.soft(waiting, tool.name).toMatch(/^\(\d+ messages? waits?: .*\)$/);
}

const asksPlatform = ({ asks }: ToolCase) => asks !== null;

describe('each tool, over stdio, with the SDK’s client', () => {
  it('is in the table of cases', () => {
    expect(toolCases.map(({ name }) => name).sort()).toEqual(
      listTools()
        .map(({ name }) => name)
        .sort(),
    );
  });

  it('succeeds, in the shape that it announces, and says how many messages wait', () =>
    eachTool(
      () => true,
      async (tool, stage) => {
        const result = await call(stage, tool.name, tool.args(stage));
        expect.soft(result.isError, `${tool.name}: ${toolTexts(result)}`).toBeUndefined();
        expect.soft(result.structuredContent, tool.name).toEqual(tool.gives(stage));
        expect.soft(toolTexts(result).at(-1), tool.name).toMatch(/^\(\d+ messages? waits?: .*\)$/);
      },
    ));

  it('refuses what it cannot do, without a request, and says what to do', () =>
    eachTool(
      ({ refuses: [, why] }) => !why.startsWith('no refusal'),
      async (tool, stage) => {
        const [args, why] = tool.refuses;
        const match = tool.asks?.(stage);
        const before = match === undefined ? [] : stage.platform.requests.matching(match);
        expectRefusal(tool, await call(stage, tool.name, args), why);
        if (match !== undefined && !IN_THE_BACKGROUND.has(tool.name))
          expect.soft(stage.platform.requests.matching(match), tool.name).toEqual(before);
      },
    ));

  it('gives the platform’s own words when that refuses', () =>
    eachTool(asksPlatform, async (tool, stage) => {
      if (tool.asks) stage.platform.faults.on(tool.asks(stage), serverError(409, 'because I say so'), ALWAYS);
      const result = await call(stage, tool.name, tool.args(stage));
      expectRefusal(tool, result, 'because I say so');
      expect.soft(toolTexts(result)[0], tool.name).toContain('(409)');
    }));

  it('gives up when the platform does not answer', () =>
    eachTool(asksPlatform, async (tool, stage) => {
      if (tool.asks) stage.platform.faults.hold(tool.asks(stage), ALWAYS);
      const result = await call(stage, tool.name, tool.args(stage));
      if (tool.givesLate === undefined)
        expectRefusal(tool, result, tool.refusesLate ?? 'no reply came in time');
      else expect.soft(result.structuredContent, tool.name).toEqual(tool.givesLate);
    }));

  it('ends when its host cancels it, and its request with it unless that may have been carried out', () =>
    eachTool(asksPlatform, async (tool, stage) => {
      const { platform, bridge } = stage;
      const match = tool.asks?.(stage) ?? '';
      const held = platform.faults.hold(match, ALWAYS);
      const arrived = platform.requests.next(match);
      const cancel = new AbortController();
      const called = call(stage, tool.name, tool.args(stage), cancel.signal);
      await arrived;
      cancel.abort('enough');
      await expect(called, tool.name).rejects.toThrow('enough');
      if (tool.goesOn) held.release();
      const done = () =>
        platform.requests.matching(match).some(({ status }) => status === (tool.goesOn ? 200 : 0));
      await until(done, `${tool.name}: its request is over`);
      await bridge.client.ping();
    }));

  it('wait_for_message: none came in time; and it ends when its host cancels it', async () => {
    const stage = await startOn('may');
    for (const { activity_id } of await stage.bridge.peek()) await stage.bridge.pop(activity_id);
    expect(await stage.bridge.call('wait_for_message', { timeout_secs: 0.1 })).toEqual({
      timeout: true,
      timeout_secs: 0.1,
    });
    const cancel = new AbortController();
    const waiting = call(stage, 'wait_for_message', { timeout_secs: 50 }, cancel.signal);
    const others = await Promise.all([stage.bridge.status(), stage.bridge.client.listTools()]);
    expect(others).toHaveLength(2);
    cancel.abort('enough');
    await expect(waiting).rejects.toThrow('enough');
    await sayAsUser(stage.platform, stage.own, 'for whoever asks next');
    expect(await stage.bridge.call('wait_for_message', { timeout_secs: 20 })).toMatchObject({
      text: 'for whoever asks next',
    });
  });

  it('wait_for_message: holds up no other call', async () => {
    const stage = await startOn('may');
    for (const { activity_id } of await stage.bridge.peek()) await stage.bridge.pop(activity_id);
    const cancel = new AbortController();
    const waiting = call(stage, 'wait_for_message', { timeout_secs: 50 }, cancel.signal);
    const ended = expect(waiting).rejects.toThrow('enough');
    const quickestMs = async (ask: () => Promise<unknown>) => {
      const tookMs: number[] = [];
      for (let times = 0; times < 20; times += 1) {
        const startedAt = performance.now();
        await ask();
        tookMs.push(performance.now() - startedAt);
      }
      return Math.min(...tookMs);
    };
    // A busy machine slows some of them down; what a wait holds up, it holds up every time.
    expect.soft(await quickestMs(() => stage.bridge.peek())).toBeLessThan(50);
    // Not tools/list: the client takes longer to compile its schemas than the server to answer.
    expect.soft(await quickestMs(() => stage.bridge.client.listPrompts())).toBeLessThan(50);
    cancel.abort('enough');
    await ended;
  });

  it('wait_for_message: longer than one call may last only for a host that asked for progress', async () => {
    const stage = await startOn('may', { MOLECULE_WAIT_MAX_SECS: '1' });
    for (const { activity_id } of await stage.bridge.peek()) await stage.bridge.pop(activity_id);
    const wait = { name: 'wait_for_message', arguments: { timeout_secs: '20' } };
    const patient = stage.bridge.client.callTool(wait, undefined, { onprogress: () => {} });
    const short = await stage.bridge.client.callTool(wait);
    expect(short.structuredContent).toEqual({ timeout: true, timeout_secs: 1, requested: 20 });
    await sayAsUser(stage.platform, stage.own, 'at last');
    expect((await patient).structuredContent).toMatchObject({ text: 'at last' });
    expect(await stage.bridge.peek()).toHaveLength(1);
  });
});

/** Their requests are also made by the bridge itself. */
const IN_THE_BACKGROUND: ReadonlySet<string> = new Set(['list_requests', 'get_workspace_info']);
