import { describe, expect, it } from 'vitest';
import { proxyFor } from '../../../src/domain/network/proxy.ts';

const via = (origin: string, noProxy = '') =>
  proxyFor(origin, { httpsProxy: 'http://secure:1', httpProxy: 'http://plain:2', noProxy });

describe('proxyFor', () => {
  it("takes the scheme's proxy", () => {
    expect(via('https://platform.example')).toBe('http://secure:1');
    expect(via('http://platform.example:8080')).toBe('http://plain:2');
    expect(
      proxyFor('https://a.example', { httpsProxy: '', httpProxy: 'http://plain:2', noProxy: '' }),
    ).toBeNull();
  });

  it.each(['http://localhost:8080', 'http://127.0.0.1', 'https://[::1]:443', 'http://platform.localhost'])(
    'never sends %s, which is this machine, through one',
    (origin) => expect(via(origin)).toBeNull(),
  );

  it.each([
    ['*'],
    ['platform.example'],
    ['PLATFORM.example'],
    ['.platform.example'],
    ['example'],
    ['*.example'],
    ['other.example, platform.example'],
    ['other.example platform.example:443'],
  ])('goes directly where NO_PROXY is %s', (noProxy) => {
    expect(via('https://platform.example', noProxy)).toBeNull();
  });

  it.each([
    [''],
    [' , '],
    ['latform.example'],
    ['platform.example:8443'],
    ['a.platform.example'],
    ['platform'],
    ['**'],
  ])('goes through the proxy where NO_PROXY is "%s"', (noProxy) =>
    expect(via('https://platform.example', noProxy)).toBe('http://secure:1'),
  );

  it('knows IPv6 addresses with brackets and without', () => {
    expect(via('http://[2001:db8::1]:8080', '2001:db8::1')).toBeNull();
    expect(via('http://[2001:db8::1]:8080', '[2001:db8::1]:8080')).toBeNull();
    expect(via('http://[2001:db8::1]:8080', '[2001:db8::1]:80')).toBe('http://plain:2');
  });
});
