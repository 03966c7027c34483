import { expect, it } from 'vitest';
import { HttpTargets, locateAuthority, locateOrigin, locateSocket } from '../../src/calls/http-targets.ts';

const located = (locate: (server: string) => ReturnType<typeof locateOrigin>, server: string) => {
  const { host, details } = new HttpTargets(true, locate).find(server, 'GET');
  return [host, JSON.parse(details ?? '')];
};

it.each([
  [
    'http://shop.example',
    'shop.example',
    { 'server.address': 'shop.example', 'server.port': 80, 'url.scheme': 'http' },
  ],
  [
    'https://shop.example',
    'shop.example',
    { 'server.address': 'shop.example', 'server.port': 443, 'url.scheme': 'https' },
  ],
  [
    'http://shop.example:443',
    'shop.example:443',
    { 'server.address': 'shop.example', 'server.port': 443, 'url.scheme': 'http' },
  ],
  [
    'https://shop.example:80',
    'shop.example:80',
    { 'server.address': 'shop.example', 'server.port': 80, 'url.scheme': 'https' },
  ],
  ['http://[::1]', '[::1]', { 'server.address': '::1', 'server.port': 80, 'url.scheme': 'http' }],
  ['http://[::1]:3000', '[::1]:3000', { 'server.address': '::1', 'server.port': 3000, 'url.scheme': 'http' }],
])('%s is told as %s', (origin, host, attributes) => {
  expect(located(locateOrigin, origin)).toEqual([host, attributes]);
});

it.each([
  ['http:', 'shop.example:80', 'shop.example'],
  ['https:', 'shop.example:443', 'shop.example'],
  ['https:', '[::1]:', '[::1]'],
  ['http:', '[::1]:80', '[::1]'],
  // A scheme of an agent.
  ['ipc:', 'shop.example', 'shop.example'],
])('under %s the authority %s is told as %s', (protocol, authority, host) => {
  expect(located((server) => locateAuthority(protocol, server), authority)[0]).toBe(host);
});

it('a Unix domain socket is told by its path, an abstract one as usual with @', () => {
  expect(located(locateSocket, '/run/shop.sock')).toEqual(['/run/shop.sock', { 'server.address': '/run/shop.sock' }]);
  expect(located(locateSocket, '\0shop')).toEqual(['@shop', { 'server.address': '@shop' }]);
});

it('one object stands for a server and a method, and an app that calls ever new hosts does not fill the memory', () => {
  let located = 0;
  const targets = new HttpTargets(false, (server) => {
    located++;
    return { scheme: 'http', address: server, port: 80 };
  });
  const find = (count: number) => {
    for (let i = 0; i < count; i++) targets.find(`${i}.example`, i % 2 ? 'GET' : 'POST');
  };
  find(1_000);
  const known = targets.find('1.example', 'GET');
  expect(known).toEqual({ kind: 'http', system: 'http', host: '1.example', operation: 'GET', details: undefined });
  expect(targets.find('1.example', 'GET')).toBe(known);
  expect(located).toBe(1_000);
  find(1_001);
  // All but the last were forgotten.
  find(1_000);
  expect(located).toBe(2_001);
});
