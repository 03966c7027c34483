import { describe, expect, it } from 'vitest';
import { installPackages } from '../packages/install.ts';
import { HTTP_CLIENTS } from '../packages/tools.ts';
import { lineOf, NODE_VERSIONS, type NodeVersion } from '../support/nodes.ts';
import { shared } from '../support/shared.ts';
import { type Kinds, record, wrongTimes } from './recording.ts';

type Calls = Record<string, string[]>;

const HTTP2: Calls = {
  'a response that is read': ['GET localhost:PORT 200'],
  'a method': ['DELETE localhost:PORT 200'],
  'an error status': ['GET localhost:PORT 404'],
  'a slow answer': ['GET localhost:PORT 200'],
  'another authority than that of the connection': ['GET localhost:PORT 200'],
  'a stream that is reset': ['GET localhost:PORT - ERR_HTTP2_STREAM_ERROR'],
  'a response that is cut off': ['GET localhost:PORT 200'],
  'a pushed stream, which is no call': ['GET localhost:PORT 200'],
  'a session that ends': ['GET localhost:PORT -'],
  'a stream that the client closes': ['GET localhost:PORT -'],
  'a session that the client destroys': ['GET localhost:PORT -'],
  'an abort signal': ['GET localhost:PORT - TimeoutError'],
  'a closed port': ['GET localhost:2 - ECONNREFUSED'],
};

const GRPC: Calls = {
  'a call': ['POST localhost:SHOP 200'],
  'the status NOT_FOUND': ['POST localhost:SHOP 404'],
  'the status UNAVAILABLE': ['POST localhost:SHOP 503'],
  'a deadline': ['POST localhost:SHOP -'],
  'a stream': ['POST localhost:SHOP 200'],
  'a stream that the client leaves': ['POST localhost:SHOP 200'],
  'an unknown method': ['POST localhost:SHOP 501'],
};

/** Kinds whose time includes a wait. */
const WAITS = {
  http2: {
    'a slow answer': 1,
    'a response that is cut off': 1,
    'a session that ends': 1,
    'a stream that the client closes': 1,
    'a session that the client destroys': 1,
  },
  grpc: { 'a stream': 1 },
};

const without = (calls: Calls): Calls => Object.fromEntries(Object.keys(calls).map((kind) => [kind, []]));

describe('each call over HTTP/2 is recorded once, that of gRPC with the HTTP status that its status means', () => {
  const run = shared(async () => {
    const args = [await installPackages(HTTP_CLIENTS)];
    return Promise.all(
      NODE_VERSIONS.map((version) =>
        record<Record<'http2' | 'grpc', Kinds>>('test/apps/calls/http2.mjs', { version, args }),
      ),
    );
  });

  // Node publishes them from 22.17 and 24.2 on.
  it.each(NODE_VERSIONS.map((version, i) => [version, i] as const))('on Node %s', (version: NodeVersion, i) => {
    const { http2, grpc } = run()[i] as Record<'http2' | 'grpc', Kinds>;
    const isPublished = Number(lineOf(version)) >= 24;
    expect(http2.calls).toEqual(isPublished ? HTTP2 : without(HTTP2));
    expect(grpc.calls).toEqual(isPublished ? GRPC : without(GRPC));
    if (isPublished) expect([wrongTimes(http2, WAITS.http2), wrongTimes(grpc, WAITS.grpc)]).toEqual([[], []]);
  });
});
