import { describe, expect, it } from 'vitest';
import { installPackages } from '../packages/install.ts';
import { HTTP_CLIENTS } from '../packages/tools.ts';
import { lineOf, NODE_VERSIONS, type NodeVersion } from '../support/nodes.ts';
import { shared } from '../support/shared.ts';
import { record } from './recording.ts';

type Calls = Record<string, string[]>;

/** `slow` follows calls that include a wait. */
const HTTP2: Calls = {
  'a response that is read': ['GET localhost:PORT 200'],
  'a method': ['DELETE localhost:PORT 200'],
  'an error status': ['GET localhost:PORT 404'],
  'a slow answer': ['GET localhost:PORT 200', 'slow'],
  'another authority than that of the connection': ['GET localhost:PORT 200'],
  'a stream that is reset': ['GET localhost:PORT - ERR_HTTP2_STREAM_ERROR'],
  'a response that is cut off': ['GET localhost:PORT 200', 'slow'],
  'a pushed stream, which is no call': ['GET localhost:PORT 200'],
  'a session that ends': ['GET localhost:PORT -', 'slow'],
  'a stream that the client closes': ['GET localhost:PORT -', 'slow'],
  'a session that the client destroys': ['GET localhost:PORT -', 'slow'],
  'an abort signal': ['GET localhost:PORT - TimeoutError', 'slow'],
  'a closed port': ['GET localhost:2 - ECONNREFUSED'],
};

const GRPC: Calls = {
  'a call': ['POST localhost:SHOP 200'],
  'the status NOT_FOUND': ['POST localhost:SHOP 404'],
  'the status UNAVAILABLE': ['POST localhost:SHOP 503'],
  'a deadline': ['POST localhost:SHOP -', 'slow'],
  'a stream': ['POST localhost:SHOP 200', 'slow'],
  'a stream that the client leaves': ['POST localhost:SHOP 200'],
  'an unknown method': ['POST localhost:SHOP 501'],
};

const without = (calls: Calls): Calls => Object.fromEntries(Object.keys(calls).map((kind) => [kind, []]));

describe('each call over HTTP/2 is recorded once, that of gRPC with the HTTP status that its status means', () => {
  const run = shared(async () => {
    const args = [await installPackages(HTTP_CLIENTS)];
    return Promise.all(
      NODE_VERSIONS.map((version) =>
        record<Record<'http2' | 'grpc', Calls>>('test/apps/calls/http2.mjs', { version, args }),
      ),
    );
  });

  // Node publishes them from 22.17 and 24.2 on.
  it.each(NODE_VERSIONS.map((version, i) => [version, i] as const))('on Node %s', (version: NodeVersion, i) => {
    const isPublished = Number(lineOf(version)) >= 24;
    expect(run()[i]).toEqual(
      isPublished ? { http2: HTTP2, grpc: GRPC } : { http2: without(HTTP2), grpc: without(GRPC) },
    );
  });
});
