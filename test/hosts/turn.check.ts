import { expect, it } from 'vitest';
import { useCli } from '../support/cli.ts';
import { sayAsUser } from '../support/local-platform.ts';
import { install } from './installation.ts';
import { startScriptedModel } from './scripted-model.ts';

const cli = useCli();

it('the real Claude Code works a whole turn without any push: waits, opens the file, answers, and the message is gone', async () => {
  const { platform, workspace, run } = await install(cli, '--write=claude-code');
  const model = await startScriptedModel('molecule', (results) => {
    const [message, file, sent] = results;
    if (message === undefined)
      return { tool: 'mcp__molecule__wait_for_message', input: { timeout_secs: 20 } };
    const [, path] = /\\"path\\":\\"([^"\\]+)/.exec(message) ?? [];
    if (file === undefined) return { tool: 'Read', input: { file_path: path } };
    const [, activityId] = /\\"activity_id\\":\\"([0-9a-f-]{36})/.exec(message) ?? [];
    const answer = `It says: ${/the secret of the file/.exec(file)?.[0]}`;
    if (sent === undefined)
      return {
        tool: 'mcp__molecule__send_message_to_user',
        input: { message: answer, reply_to: activityId },
      };
    return { text: 'Done.' };
  });
  await sayAsUser(platform, workspace, 'please read', [
    { name: 'note.txt', bytes: 'the secret of the file' },
  ]);

  const printed = await run(
    'claude -p "Work through your inbox." --allowedTools mcp__molecule Read --output-format json',
    {
      ANTHROPIC_BASE_URL: model.url,
      ANTHROPIC_API_KEY: 'sk-ant-scripted',
      MCP_CONNECTION_NONBLOCKING: '0',
    },
  );
  expect(JSON.parse(printed.split('\n', 1)[0] ?? '')).toMatchObject({
    is_error: false,
    num_turns: 4,
    result: 'Done.',
    permission_denials: [],
  });
  const answers = platform.rows(workspace.id).filter(({ method }) => method === 'notify');
  expect(answers.map(({ response_body }) => response_body)).toEqual([
    { result: 'It says: the secret of the file' },
  ]);
  expect(model.requests.at(-1)).toMatch(/\\"popped\\":\\"[0-9a-f-]{36}\\",.*\\"waiting\\":0/);
  expect(model.requests[0]).toContain('wait_for_message(timeout_secs=2)');
  expect(model.requests[0], 'a push came first').not.toContain('please read');
  expect(model.requests[1]).toContain('please read');
});
