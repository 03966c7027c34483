import { describe, expect, it } from 'vitest';
import { startApp } from '../support/app.ts';
import { call } from '../support/call.ts';
import { ask, openSession } from '../support/http2.ts';
import { NODE_VERSIONS, type NodeVersion, node, OLDEST_NODE } from '../support/nodes.ts';
import { waitForInFlight, waitForOutcome, waitForRequests } from '../support/outcome.ts';
import { http, Wire } from '../support/wire.ts';
import { copySocketIoApp } from './socket-io.ts';

const NEWEST_NODE = NODE_VERSIONS.at(-1) as NodeVersion;

describe.each(NODE_VERSIONS)(
  'a server that does not listen itself is measured from its first request on, on Node %s:',
  (version) => {
    it.each(['net', 'sniffed', 'tls', 'stream'])('%s', async (way) => {
      const app = await startApp('test/apps/requests/passed.mjs', { node: node(version), args: [way] });
      const url = app.url('/hello').replace('http', way === 'tls' ? 'https' : 'http');
      for (let i = 0; i < 3; i++) expect(await call(url)).toEqual({ status: 200, body: 'hello' });
      const wire = way === 'tls' ? undefined : await Wire.open(app.port);
      wire?.send(http('GET /hang'));
      if (wire) await waitForInFlight(app, 1);
      wire?.close();
      expect(await waitForRequests(app, wire ? 4 : 3)).toEqual({
        'GET /hello 200': 3,
        ...(wire && { 'GET unmatched 499': 1 }),
      });
    });

    it('whose sockets are sent to a child, which answers: they are not counted here, and not in flight', async () => {
      const app = await startApp('test/apps/requests/sent-away.mjs', { node: node(version) });
      expect(await call(app.url('/child'))).toEqual({ status: 200, body: 'child' });
      expect(await call(app.url('/hello'))).toEqual({ status: 200, body: 'hello' });
      expect(await waitForOutcome(app, 1)).toEqual({
        requests: { 'GET /hello 200': 1 },
        durations: { 'GET /hello': 1 },
      });
    });
  },
);

it('over HTTP/2, where Node publishes streams', async () => {
  const app = await startApp('test/apps/requests/passed.mjs', { node: node(NEWEST_NODE), args: ['http2'] });
  const client = await openSession(app.url());
  for (let i = 0; i < 2; i++) expect(await ask(client, { ':path': '/hello' })).toEqual({ status: 200, body: 'hello' });
  expect(await waitForRequests(app, 2)).toEqual({ 'GET /hello 200': 2 });
});

it('behind httpolyglot, and requests that an app injects are not counted', async () => {
  const app = await startApp(...(await copySocketIoApp('polyglot.mjs', OLDEST_NODE)));
  expect(await call(app.url('/hello'))).toEqual({ status: 200, body: 'hello' });
  expect(await waitForRequests(app, 1)).toEqual({ 'GET /hello 200': 1 });
});

describe("with socket.io's sticky sessions, each request is counted once, by the worker that answers", () => {
  const cases = NODE_VERSIONS.flatMap((version) =>
    ['@socket.io/sticky', '@socket.io/sticky-1'].map((name) => [name, version] as const),
  );
  it.each(cases)('%s on Node %s', async (name, version) => {
    const app = await startApp(...(await copySocketIoApp('sticky.mjs', version, [name])));
    const pids = new Set<string>();
    for (let i = 0; i < 4; i++) pids.add((await call(app.url('/pid'))).body);
    for (let i = 0; i < 2; i++) pids.add((await call(app.url('/pid'), { method: 'POST' }, 'body')).body);
    expect(pids.size).toBe(2);
    expect(await waitForRequests(app, 6)).toEqual({ 'GET /pid 200': 4, 'POST /pid 200': 2 });
  });
});

it('shows the server in the status', async () => {
  const app = await startApp('test/apps/requests/passed.mjs', { args: ['net'] });
  await call(app.url('/hello'));
  await waitForRequests(app, 1);
  const status = await (await fetch(new URL('/status', await app.metricsUrl()))).json();
  expect(status).toMatchObject({
    servers: [
      {
        address: 'a server that does not listen itself',
        protocol: 'http',
        frameworks: [],
        requests: { ended: 1, answered: 1, routed: 0, unmatched: 0 },
      },
    ],
  });
});
