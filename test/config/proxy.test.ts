import { expect, it } from 'vitest';
import { chooseProxy } from '../../src/config/proxy.ts';

const COLLECTOR = 'http://collector.example:4318/v1/metrics';
const BY_PROXY = { proxy: { url: 'http://proxy:3128/', shown: 'http://proxy:3128' } };

it.each<[string, string, Record<string, string>, object]>([
  ['no proxy without a variable', COLLECTOR, {}, {}],
  ['HTTP_PROXY for http', COLLECTOR, { HTTP_PROXY: 'http://proxy:3128' }, BY_PROXY],
  ['no proxy for http by HTTPS_PROXY', COLLECTOR, { HTTPS_PROXY: 'http://proxy:3128' }, {}],
  ['HTTPS_PROXY for https', 'https://c.example/', { HTTPS_PROXY: 'http://proxy:3128' }, BY_PROXY],
  ['no proxy for https by HTTP_PROXY', 'https://c.example/', { HTTP_PROXY: 'http://proxy:3128' }, {}],
  ['small letters first', COLLECTOR, { http_proxy: 'http://proxy:3128', HTTP_PROXY: 'http://other' }, BY_PROXY],
  ['a proxy without a scheme', COLLECTOR, { http_proxy: 'proxy:3128' }, BY_PROXY],
  ['an empty variable as unset', COLLECTOR, { http_proxy: ' ', HTTP_PROXY: 'http://proxy:3128' }, BY_PROXY],
  [
    'a user and a password, which are not shown',
    COLLECTOR,
    { HTTP_PROXY: 'https://me:s3cret@proxy' },
    { proxy: { url: 'https://me:s3cret@proxy/', shown: 'https://proxy' } },
  ],
  ...['socks5://me:s3cret@proxy', 'http://', 'me:s3cret@proxy:port'].map(
    (value) =>
      [
        'no proxy by a value that is no such URL, and says so without the value',
        COLLECTOR,
        { HTTP_PROXY: value },
        { invalid: 'HTTP_PROXY: expected an http:// or https:// URL; pushes use no proxy' },
      ] as [string, string, Record<string, string>, object],
  ),
])('uses %s: %s %j', (_, url, env, expected) => {
  expect(chooseProxy(url, env, [])).toEqual(expected);
});

it.each([
  ['*', COLLECTOR, true],
  ['collector.example', COLLECTOR, true],
  ['example', COLLECTOR, true],
  ['.example', COLLECTOR, true],
  ['*.example', COLLECTOR, true],
  ['.collector.example', COLLECTOR, false],
  ['lector.example', COLLECTOR, false],
  ['a.test, COLLECTOR.example', COLLECTOR, true],
  ['a.test collector.example', COLLECTOR, true],
  ['collector.example:4318', COLLECTOR, true],
  ['collector.example:4317', COLLECTOR, false],
  ['collector.example:80', 'http://collector.example/', true],
  ['collector.example:443', 'https://collector.example/', true],
  ['10.1.2.3', 'http://10.1.2.3:4318', true],
  ['10.1.2.3:4318', 'http://10.1.2.3:4318', true],
  ['10.0.0.0/8', 'http://10.1.2.3:4318', true],
  ['192.168.0.0/16', 'http://10.1.2.3:4318', false],
  ['10.1.2.1-10.1.2.9', 'http://10.1.2.3:4318', true],
  ['fd00::/8', 'http://[fd00::1]:4318', true],
  ['fd00::1', 'http://[fd00::1]:4318', true],
  ['', COLLECTOR, false],
])('NO_PROXY=%s and %s: no proxy is %s', (list, url, isException) => {
  const proxies = { HTTP_PROXY: 'proxy:3128', HTTPS_PROXY: 'proxy:3128' };
  for (const name of ['NO_PROXY', 'no_proxy']) {
    expect(chooseProxy(url, { ...proxies, [name]: list }, [])).toEqual(isException ? {} : BY_PROXY);
  }
});

it('asks this machine without a proxy, unless Node does not either', () => {
  for (const host of ['localhost', 'a.localhost', '127.0.0.1', '127.1.2.3', '[::1]']) {
    const choose = (env: Record<string, string>, flags: string[]) =>
      chooseProxy(`http://${host}:4318`, { HTTP_PROXY: 'http://proxy:3128', ...env }, flags);
    expect([host, choose({}, [])]).toEqual([host, {}]);
    expect(choose({ NODE_USE_ENV_PROXY: '0' }, [])).toEqual({});
    expect(choose({ NODE_USE_ENV_PROXY: '1' }, [])).toEqual(BY_PROXY);
    expect(choose({ NODE_OPTIONS: '--max-old-space-size=99 --use-env-proxy' }, [])).toEqual(BY_PROXY);
    expect(choose({}, ['--use-env-proxy'])).toEqual(BY_PROXY);
    expect(choose({ NODE_USE_ENV_PROXY: '1', NO_PROXY: host }, [])).toEqual({});
  }
});
