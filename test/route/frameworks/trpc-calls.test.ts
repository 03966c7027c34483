import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { looksLikeCall } from '../../../src/route/frameworks/trpc/call-url.ts';
import type * as Trpc from '../../../src/route/frameworks/trpc/index.ts';

const OPTION = 'allowBatching';
const CALL = '?batch=1&input=%7B%7D';
const router = { _def: { router: true, procedures: { list: {}, 'user.byId': {} } } };

/** A process that has served no request yet. */
let trpc: typeof Trpc;
let waiting: { end: () => void; ms: number } | undefined;
beforeEach(async () => {
  vi.resetModules();
  vi.doMock('../../../src/base/timers.ts', () => ({
    setTimeout(end: () => void, ms: number) {
      waiting = { end, ms };
      return { unref: () => waiting };
    },
    clearTimeout() {},
  }));
  trpc = await import('../../../src/route/frameworks/trpc/index.ts');
});
afterEach(() => {
  waiting?.end();
  waiting = undefined;
});

const routeOf = (url: string, outer?: string) => trpc.trpc.calls?.routeOf(url, 200, outer);

/** What tRPC's code does in a request. */
function call(options: object): void {
  void (options as { allowBatching?: boolean }).allowBatching;
}

it('counts calls below the path or behind the route of a request in which the router was seen, and nowhere else', () => {
  trpc.expectCalls();
  expect(routeOf(`/ann/trpc/list${CALL}`)).toBe(undefined);
  call({ router, path: 'list' });
  // These end while the call is in progress.
  expect([routeOf('/files/report', '/files/*rest'), routeOf(`/bob/user.byId${CALL}`)]).toEqual([undefined, undefined]);
  expect(routeOf(`/trpc/list${CALL}`)).toBe('/trpc/list');
  const elsewhere = ['/ann/trpc/list', '/bob/trpc/list', '/r1/list', '/list'];
  expect(elsewhere.map((url) => routeOf(url))).toEqual(Array(4).fill(undefined));
  expect([routeOf('/trpc/user.byId'), routeOf('/trpc/made.up')]).toEqual(['/trpc/user.byId', undefined]);

  expect(routeOf('/files/list', '/files/*rest')).toBe(undefined);
  expect(routeOf(`/api/list${CALL}`, '/api/:path')).toBe(undefined);
  call({ router, path: 'list,user.byId' });
  expect(routeOf(`/api/list%2Cuser.byId${CALL}`, '/api/:path')).toBe('/api/*batch');
  expect([routeOf('/api/list', '/api/:path'), routeOf('/files/list', '/files/*rest')]).toEqual([
    '/api/list',
    undefined,
  ]);
});

it('knows the mount from the endpoint of the app where a route takes all paths', () => {
  trpc.expectCalls();
  routeOf(`/trpc/list${CALL}`, '*');
  call({ router, endpoint: '/trpc/' });
  expect(routeOf('/r1/list', '*')).toBe(undefined);
  expect([routeOf('/trpc/list', '*'), routeOf('/r1/list', '*')]).toEqual(['/trpc/list', undefined]);
});

it('waits for a call only where the app depends on tRPC, for one second, five times', () => {
  const isWaiting = () => OPTION in {};
  routeOf(`/search${CALL}`);
  expect(isWaiting()).toBe(false);
  trpc.expectCalls();
  for (let i = 0; i < 5; i++) {
    routeOf(`/search${CALL}`);
    expect([isWaiting(), waiting?.ms]).toEqual([true, 5000]);
    waiting?.end();
    expect(isWaiting()).toBe(false);
  }
  routeOf(`/search${CALL}`);
  expect(isWaiting()).toBe(false);
});

it('recognises a URL of a call in a time that grows with its length only', () => {
  expect(
    [
      '/user.byId?input=%7B',
      '/trpc/user.byId,post.list?batch=1',
      '/trpc/a%2Cb?batch=1&input=%7B',
      '/a?x=1&input=%22',
      '/a?batch=1x',
      '/a?input=1',
      '/a b?batch=1',
      '/a?b/c?batch=1',
      '/a',
    ].map(looksLikeCall),
  ).toEqual([true, true, true, true, false, false, false, false, false]);
  const start = performance.now();
  for (const part of ['/a?', '%2C', 'a,', '&input=', '/a', 'batch=1']) {
    for (const url of [`/${part.repeat(20_000)}`, `/a?${part.repeat(20_000)}`, `/${part.repeat(20_000)}?batch=1`]) {
      looksLikeCall(url);
    }
  }
  expect(performance.now() - start).toBeLessThan(50);
});
