import { describe, expect, it } from 'vitest';
import { normaliseBaseUrl } from '../../../src/domain/network/base-url.ts';

describe('normaliseBaseUrl', () => {
  it.each([
    [' https://Platform.Example// ', 'https://platform.example'],
    ['http://localhost:8080/', 'http://localhost:8080'],
    ['https://host:443/molecule/', 'https://host/molecule'],
    ['HTTP://[::1]:80', 'http://[::1]'],
  ])('spells %j as %j (W-34)', (text, url) => {
    expect(normaliseBaseUrl(text)).toEqual({ ok: true, url });
  });

  it.each([
    ['', /not set/],
    ['platform.example', /http/],
    ['ftp://platform.example', /http/],
    ['https:platform.example', /http/],
    ['https://user:secret@host', /password/],
    ['https://host/?token=secret', /query/],
    ['https://host/?', /query/],
    ['https://host/#secret', /fragment/],
    ['https://ho\nst', /white space/],
    ['https://host\\@secret', /backslash/],
    ['https://', /not a URL/],
    ['https://host:99999', /not a URL/],
  ])('refuses %j and quotes nothing of it', (text, why) => {
    const reading = normaliseBaseUrl(text);
    expect(reading).toEqual({ ok: false, reason: expect.stringMatching(why) });
    expect(JSON.stringify(reading)).not.toContain('secret');
  });
});
