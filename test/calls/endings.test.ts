import { describe, expect, it } from 'vitest';
import { lineOf, NODE_VERSIONS, type NodeVersion } from '../support/nodes.ts';
import { shared } from '../support/shared.ts';
import { type Kinds, record, wrongTimes } from './recording.ts';

const HTTP: Record<string, string[]> = {
  'a response that is read': ['GET localhost:PORT 200'],
  'a function that was imported by its name': ['POST localhost:PORT 200'],
  'no body': ['GET localhost:PORT 204'],
  'not modified': ['GET localhost:PORT 304'],
  HEAD: ['HEAD localhost:PORT 200'],
  'an error status': ['GET localhost:PORT 404'],
  'a redirect, which Node does not follow': ['GET localhost:PORT 302'],
  'a slow answer': ['GET localhost:PORT 200'],
  'a slow body': ['GET localhost:PORT 200'],
  'a slow upload': ['PUT localhost:PORT 200'],
  'an answer before the end of the upload': ['PUT localhost:PORT 200'],
  'two calls, the second of which waits for a connection': ['GET localhost:PORT 200', 'GET localhost:PORT 200'],
  'a response without a listener': ['GET localhost:PORT 200'],
  'a response that is never read, and destroyed': ['GET localhost:PORT 200 ECONNRESET'],
  'a response that is never read, on a connection that closes': ['GET localhost:PORT 200'],
  'a response that is cut off': ['GET localhost:PORT 200 ECONNRESET'],
  'a connection that is reset': ['GET localhost:PORT - ECONNRESET'],
  'something else than HTTP': ['GET localhost:PORT - HPE_INVALID_CONSTANT'],
  'a closed port': ['GET localhost:2 - ECONNREFUSED'],
  'an unknown host': ['GET unknown.invalid - ENOTFOUND'],
  'abort() before it has a connection': ['GET localhost:PORT -'],
  'destroy() before it has a connection': ['GET localhost:PORT - ECONNRESET'],
  'destroy() before the answer': ['GET localhost:PORT - ECONNRESET'],
  'an abort signal': ['GET localhost:PORT - ABORT_ERR'],
  'a timeout': ['GET localhost:PORT - ETIMEDOUT'],
  'early hints': ['GET localhost:PORT 200'],
  'an upgrade': ['GET localhost:PORT 101'],
  'an upgrade that is refused': ['GET localhost:PORT 404'],
  'an upgrade that the app does not handle': ['GET localhost:PORT - ECONNRESET'],
  CONNECT: ['CONNECT localhost:PORT 200'],
  'no agent': ['GET localhost:PORT 200'],
  'a connection of its own': ['GET localhost:PORT 200'],
  'an agent that only emits its error': ['GET localhost:PORT - ENOPROXY'],
  'options that Node refuses': [],
};

const FETCH: Record<string, string[]> = {
  'a response that is read': ['GET localhost:PORT 200'],
  'an error status': ['GET localhost:PORT 404'],
  'no body': ['GET localhost:PORT 204'],
  HEAD: ['HEAD localhost:PORT 200'],
  'a body': ['POST localhost:PORT 200'],
  'a slow body': ['GET localhost:PORT 200'],
  'redirects, each a call': ['GET localhost:PORT 307', 'GET localhost:PORT 302', 'GET localhost:PORT 200'],
  'a response that is cancelled': ['GET localhost:PORT 200 AbortError'],
  'a response that is cut off': ['GET localhost:PORT 200 UND_ERR_SOCKET'],
  'a connection that is reset': ['GET localhost:PORT - ECONNRESET'],
  'a closed port': ['GET localhost:2 - ECONNREFUSED'],
  'an unknown host': ['GET unknown.invalid - ENOTFOUND'],
  'an abort signal': ['GET localhost:PORT - TimeoutError'],
  'an abort by a text': ['GET localhost:PORT - _OTHER'],
  'a port that fetch blocks': [],
  'a WebSocket': ['GET localhost:PORT 101'],
};

/** What differs in a version of Node. */
const HTTP_OF: Record<string, Record<string, string[]>> = {
  // It publishes nothing before such an agent has a connection.
  20: { 'an agent that only emits its error': [] },
  26: { 'an upgrade that the app does not handle': ['GET localhost:PORT 101'] },
};
/** It has no WebSocket, so the app makes this call instead. */
const FETCH_OF: typeof HTTP_OF = { 20: { 'a WebSocket': ['GET localhost:PORT 204'] } };

/** Kinds whose time includes one wait of the server or of the app, or several. */
const WAITS: Record<'http' | 'fetch', Record<string, number>> = {
  http: {
    'a slow answer': 1,
    'a slow body': 1,
    'a slow upload': 1,
    'two calls, the second of which waits for a connection': 2,
    'a response that is never read, and destroyed': 1,
    'a response that is cut off': 1,
    'a connection that is reset': 1,
    'destroy() before the answer': 1,
    'a timeout': 1,
  },
  fetch: { 'a slow body': 1, 'a response that is cut off': 1, 'a connection that is reset': 1 },
};

describe('each outgoing call is recorded once, with its time, however it ends', () => {
  const run = shared(() =>
    Promise.all(
      NODE_VERSIONS.map((version) =>
        record<Record<'http' | 'fetch', Kinds>>('test/apps/calls/endings.mjs', { version }),
      ),
    ),
  );

  it.each(NODE_VERSIONS.map((version, i) => [version, i] as const))('on Node %s', (version: NodeVersion, i) => {
    const recorded = run()[i] as Record<'http' | 'fetch', Kinds>;
    const line = lineOf(version);
    expect(recorded.http.calls).toEqual({ ...HTTP, ...HTTP_OF[line] });
    // Depending on how far the call is, undici reports the text or an error of its own.
    const byText = 'an abort by a text';
    const aborted = recorded.fetch.calls[byText]?.map((call) => call.replace(/AbortError$/, '_OTHER')) ?? [];
    expect({ ...recorded.fetch.calls, [byText]: aborted }).toEqual({ ...FETCH, ...FETCH_OF[line] });
    for (const group of ['http', 'fetch'] as const) expect(wrongTimes(recorded[group], WAITS[group])).toEqual([]);
  });
});
