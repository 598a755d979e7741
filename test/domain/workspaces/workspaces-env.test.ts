import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readWorkspaces } from '../../../src/domain/workspaces/workspaces-env.ts';

const read = (list: unknown) => readWorkspaces({ MOLECULE_WORKSPACES: JSON.stringify(list) }, null);

describe('readWorkspaces', () => {
  it('passes the optional keys on and says where each value was set', () => {
    const entry = { id: 'a', token: 't', platform_url: ' https://two.example ', other: 1 };
    expect(read([entry, { id: 'b', token_file: '/run/token', platform_url: null }])).toEqual({
      ok: true,
      workspaces: [
        {
          id: 'a',
          token: 't',
          platformUrl: 'https://two.example',
          setBy: {
            id: 'MOLECULE_WORKSPACES[0].id',
            token: 'MOLECULE_WORKSPACES[0].token',
            platformUrl: 'MOLECULE_WORKSPACES[0].platform_url',
          },
        },
        {
          id: 'b',
          token: '',
          tokenFile: '/run/token',
          setBy: {
            id: 'MOLECULE_WORKSPACES[1].id',
            token: 'MOLECULE_WORKSPACES[1].token_file',
            platformUrl: 'PLATFORM_URL',
          },
        },
      ],
    });
  });

  it('refuses an optional key that is no text', () => {
    expect(read([{ id: 'a', token: 't', platform_url: 5 }])).toMatchObject({
      problems: [{ code: 'ENTRY_NOT_TEXT', message: expect.stringContaining('platform_url') }],
    });
  });

  it.each([null, 5, true, [], {}])('never makes %j into an id or a token (W-54)', (value) => {
    expect(read([{ id: value, token: 't' }])).toMatchObject({
      problems: [{ code: 'ENTRY_MISSING_ID_OR_TOKEN' }],
    });
    expect(read([{ id: 'a', token: value }])).toMatchObject({
      problems: [{ code: 'ENTRY_MISSING_ID_OR_TOKEN' }],
    });
  });

  it('names the file when the token came from there', () => {
    const reading = readWorkspaces({ WORKSPACE_ID: 'w', MOLECULE_WORKSPACE_TOKEN: ' ' }, 'from file\n');
    expect(reading).toMatchObject({
      workspaces: [{ id: 'w', token: 'from file', setBy: { token: '.auth_token' } }],
    });
  });

  it('never quotes a value, however the list is broken', () => {
    const secret = 'SECRETSECRET';
    const good = JSON.stringify([
      { id: 'a', token: secret },
      { id: 'a', token: secret },
      secret,
      { token: secret },
    ]);
    fc.assert(
      fc.property(
        fc.nat(good.length),
        fc.nat(good.length),
        fc.constantFrom('', '"', ',', 'x', '\n'),
        (from, to, junk) => {
          const reading = readWorkspaces(
            { MOLECULE_WORKSPACES: good.slice(0, from) + junk + good.slice(to) },
            null,
          );
          const told = reading.ok ? [] : reading.problems;
          for (const { message } of told) {
            expect(message).not.toContain('SECRET');
            expect(message).not.toContain('\n');
          }
        },
      ),
    );
  });
});
