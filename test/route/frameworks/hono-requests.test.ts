import { types } from 'node:util';
import { afterEach, expect, it } from 'vitest';
import { watchEmbeddedRequests } from '../../../src/route/frameworks/hono/requests.ts';

const before = globalThis.Request;
afterEach(() => {
  globalThis.Request = before;
});

/** Whether there is a link above the prototype of the current `Request`. */
const isWatched = () => types.isProxy(Object.getPrototypeOf(globalThis.Request.prototype));

it('leaves a class alone by which the app replaces Request', () => {
  globalThis.Request = class extends before {
    get shop() {
      return this.headers.get('x-shop');
    }
  };
  watchEmbeddedRequests(() => true);
  expect([isWatched(), new Request('http://x/', { headers: { 'x-shop': 'a' } })]).toEqual([
    false,
    expect.objectContaining({ shop: 'a' }),
  ]);
});
