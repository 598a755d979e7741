import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { createAsker } from '../../src/init/ask.ts';
import { gather } from '../../src/init/gather.ts';
import { read } from '../config/sources.ts';

/** A terminal at which somebody has typed. */
function typed(lines: string) {
  const input = new PassThrough();
  const output = new PassThrough();
  const asker = createAsker({ input, output });
  input.write(lines);
  const finish = async () => {
    asker.close();
    output.end();
    return text(output);
  };
  return { input, asker, finish };
}

describe('createAsker', () => {
  it('asks, suggests, and does not show a secret', async () => {
    const { input, asker, finish } = typed('  https://a.example \r');
    expect(await asker.ask('URL')).toBe('https://a.example');
    const suggested = asker.ask('Name', 'molecule');
    input.write('\r');
    expect(await suggested).toBe('molecule');
    const secret = asker.askSecret('Token');
    input.write('SECRET-token\r');
    expect(await secret).toBe('SECRET-token');
    const shown = asker.ask('Sure?');
    input.write('yes\r');
    expect(await shown).toBe('yes');
    const screen = await finish();
    expect(screen).toContain('Token (not shown): ');
    expect(screen).toContain('yes');
    expect(screen).not.toContain('SECRET');
  });

  it('rejects when the input ends', async () => {
    const { input, asker } = typed('');
    const asked = asker.ask('URL');
    input.end();
    await expect(asked).rejects.toThrow('the input ended');
  });
});

it('gather says at once what cannot be, and asks again', async () => {
  const { places, options } = await read({});
  const { input, asker, finish } = typed('');
  const gathering = gather({ places, options, tokenFile: null, readToken: null, asker });
  const answers = [
    '',
    'platform.example',
    'https://a.example',
    'laptop',
    '6f1f0b8e-4d3c-4a59-9d35-0c7f0f6f2a11',
  ];
  for (const answer of [...answers, 'two SECRET words', 'SECRET-token']) input.write(`${answer}\r`);
  expect(await gathering).toMatchObject({ platformUrl: 'https://a.example', token: 'SECRET-token' });
  const screen = await finish();
  for (const said of [
    "That is empty. The platform's URL: ",
    "That does not begin with http:// or https://. The platform's URL: ",
    'That is no UUID such as 6f1f0b8e-4d3c-4a59-9d35-0c7f0f6f2a11. The id of the workspace: ',
    'That contains white space. Its token (not shown): ',
  ])
    expect(screen).toContain(said);
  expect(screen).not.toContain('SECRET');
});

it('gather asks for what was not given, and only for that', async () => {
  const { places, options } = await read({ env: { PLATFORM_URL: 'https://a.example' } });
  const { input, asker, finish } = typed('');
  const gathering = gather({ places, options, tokenFile: null, readToken: null, asker });
  input.write('6F1F0B8E-4d3c-4a59-9d35-0c7f0f6f2a11\r');
  input.write('SECRET-token\r');
  expect(await gathering).toEqual({
    id: '6f1f0b8e-4d3c-4a59-9d35-0c7f0f6f2a11',
    platformUrl: 'https://a.example',
    orgId: '',
    token: 'SECRET-token',
    tokenFile: null,
    tokenFrom: 'as typed',
  });
  expect(await finish()).not.toMatch(/URL|SECRET/);
});
