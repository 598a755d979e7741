import { describe, expect, it } from 'vitest';
import { refuseImpossible } from '../../../src/domain/workspaces/refuse-impossible.ts';
import { readWorkspaces } from '../../../src/domain/workspaces/workspaces-env.ts';

const id = 'aaaaaaaa-0000-4000-8000-000000000001';
const other = 'bbbbbbbb-0000-4000-8000-000000000002';
const platform = 'https://platform.example';

function refuse(list: readonly object[], platformUrl = platform) {
  const reading = readWorkspaces({ MOLECULE_WORKSPACES: JSON.stringify(list) }, null);
  if (!reading.ok) throw new Error('the list itself is broken');
  return refuseImpossible(reading.workspaces, platformUrl);
}

describe('refuseImpossible', () => {
  it('gives each workspace its canonical id and its own platform (W-53)', () => {
    const list = [
      { id: id.toUpperCase(), token: 't1' },
      { id: other, token: 't2', platform_url: 'https://Two.example/' },
    ];
    expect(refuse(list, 'https://platform.example/')).toEqual({
      ok: true,
      workspaces: [
        { id, token: 't1', platformUrl: platform },
        { id: other, token: 't2', platformUrl: 'https://two.example' },
      ],
    });
  });

  it.each([
    ['an id that is no UUID (W-54)', [{ id: 'ws-1', token: 't' }], 'MOLECULE_WORKSPACES[0].id is not a UUID'],
    [
      'a token with a line break (W-48)',
      [{ id, token: 'a\nb' }],
      'MOLECULE_WORKSPACES[0].token contains white space',
    ],
    [
      'a token outside ASCII (W-48)',
      [{ id, token: 'tökén' }],
      'MOLECULE_WORKSPACES[0].token contains a character',
    ],
    ['a token with a NUL', [{ id, token: 'a\u0000b' }], 'MOLECULE_WORKSPACES[0].token contains a character'],
    [
      'an id twice in two spellings',
      [
        { id, token: 't' },
        { id: id.toUpperCase(), token: 't' },
      ],
      'MOLECULE_WORKSPACES[1].id names the same workspace',
    ],
    [
      'a platform URL that is none (W-34)',
      [{ id, token: 't', platform_url: 'ftp://x' }],
      'MOLECULE_WORKSPACES[0].platform_url does not begin with http',
    ],
  ])('refuses %s', (_what, list, problem) => {
    expect(refuse(list)).toEqual({ ok: false, problems: [expect.stringContaining(problem)] });
  });

  it('tells a missing PLATFORM_URL once', () => {
    expect(
      refuse(
        [
          { id, token: 't' },
          { id: other, token: 't' },
        ],
        ' ',
      ),
    ).toEqual({
      ok: false,
      problems: [expect.stringContaining('PLATFORM_URL is not set')],
    });
  });

  it('quotes no value, even where an id and a token were swapped', () => {
    const told = JSON.stringify(refuse([{ id: 'SECRET TOKEN', token: 'x y' }], 'https://u:SECRET@h'));
    expect(told).toContain('not a UUID');
    expect(told).not.toContain('SECRET');
  });
});
