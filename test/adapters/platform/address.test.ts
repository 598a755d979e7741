import { describe, expect, it } from 'vitest';
import { parseAddress, urlBelow } from '../../../adapters/platform/address.ts';
import { PlatformError } from '../../../src/domain/wire/platform-error.ts';

describe('W-34: the base URL is normalised once', () => {
  it.each([
    ['http://host:8080', 'http://host:8080', 'http://host:8080'],
    ['http://host:8080/', 'http://host:8080', 'http://host:8080'],
    ['  https://Host///\n', 'https://host', 'https://host'],
    ['https://host:443/api/', 'https://host/api', 'https://host'],
    ['http://[::1]:8080/', 'http://[::1]:8080', 'http://[::1]:8080'],
  ])('%j', (given, base, origin) => {
    expect(parseAddress(given)).toMatchObject({ base, origin });
  });

  it.each([
    '',
    'host:8080',
    'ftp://host',
    'http://user:secret@host',
    'http://host/?key=secret',
    'http://host/#secret',
    'http://',
  ])('refuses %j without repeating it', (given) => {
    expect(() => parseAddress(given)).toThrow(TypeError);
    expect(() => parseAddress(given)).not.toThrow(/secret/);
  });
});

describe('a path below the base', () => {
  const address = parseAddress('http://host/api/');

  it('keeps the base path and encodes the query', () => {
    const url = urlBelow(address, '/workspaces/a/activity', { before_ts: '2026-05-05T10:00:00+02:00' });
    expect(url.href).toBe(
      'http://host/api/workspaces/a/activity?before_ts=2026-05-05T10%3A00%3A00%2B02%3A00',
    );
  });

  it.each([
    '/../admin',
    '/a/./b',
    '/a/%2e%2e/b',
    'a',
    '',
    '//other.host/a',
    '/a?b=c',
    '/a#b',
    '/a b',
    '/a\\b',
    '/a\nb',
    '@other/',
  ])('refuses %j before anything is sent (W-24)', (path) => {
    expect(() => urlBelow(address, path)).toThrow(PlatformError);
  });
});
