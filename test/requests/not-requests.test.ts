import { describe, expect, it } from 'vitest';
import { call } from '../support/call.ts';
import { NODE_VERSIONS } from '../support/nodes.ts';
import { waitForOutcome, waitForRequests } from '../support/outcome.ts';
import { serve } from '../support/serve.ts';
import { http, Wire } from '../support/wire.ts';

describe.each(NODE_VERSIONS)('does not count what is no request, on Node %s:', (version) => {
  it('malformed requests, headers that never arrive, and silent connections', async () => {
    const app = await serve(version, {
      options: { headersTimeout: 200, requestTimeout: 200, connectionsCheckingInterval: 50 },
      handler: (_, response) => response.end('hello'),
    });
    const malformed = ['garbage\r\n\r\n', 'BREW /pot HTTP/1.1\r\nHost: a\r\n\r\n', 'GET / HTTP/9.9\r\n\r\n'];
    for (const bytes of [...malformed, `GET / HTTP/1.1\r\nHost: a\r\nCookie: ${'a'.repeat(20_000)}`]) {
      const wire = await Wire.open(app.port);
      wire.send(bytes);
      await wire.waitForData(/^HTTP\/1.1 4(00|31) /);
    }
    const slow = await Wire.open(app.port);
    slow.send('GET /slow HTTP/1.1\r\nHost: a\r\n');
    await slow.waitForData(/^HTTP\/1.1 408 /);
    for (const disconnect of ['close', 'reset'] as const) {
      (await Wire.open(app.port))[disconnect]();
      const begun = await Wire.open(app.port);
      begun.send('GET /begun HTTP/1.1\r\nHo');
      begun[disconnect]();
    }
    await call(app.url('/hello'));
    expect(await waitForRequests(app, 1)).toEqual({ 'GET /hello 200': 1 });
  });

  it('garbage on a secure server', async () => {
    const app = await serve(version, { kind: 'https', handler: (_, response) => response.end('hello') });
    const wire = await Wire.open(app.port);
    wire.send(http('GET /plain'));
    await wire.closed;
    await call(app.url('/hello').replace('http', 'https'));
    expect(await waitForRequests(app, 1)).toEqual({ 'GET /hello 200': 1 });
  });

  it('upgrades with a listener, open or closed', async () => {
    const app = await serve(version, {
      handler: (_, response) => response.end('hello'),
      setUp: (server) =>
        server.on('upgrade', (_, socket) => {
          socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n');
          socket.on('data', (data: Buffer) => socket.write(data));
          socket.on('end', () => socket.end());
        }),
    });
    const wire = await Wire.open(app.port);
    // The connection had a normal request before.
    wire.send(http('GET /hello'));
    await wire.waitForData(/hello/);
    wire.send(http('GET /echo', 'Connection: Upgrade', 'Upgrade: echo'));
    await wire.waitForData(/101 Switching Protocols/);
    wire.send('GET /looks-like-one HTTP/1.1\r\n\r\n');
    await wire.waitForData(/looks-like-one/);
    expect(await waitForRequests(app, 1)).toEqual({ 'GET /hello 200': 1 });
    wire.close();
    await call(app.url('/hello'));
    expect(await waitForRequests(app, 2)).toEqual({ 'GET /hello 200': 2 });
  });

  it('CONNECT, with and without a listener', async () => {
    const deaf = await serve(version, { handler: (_, response) => response.end('hello') });
    const wire = await Wire.open(deaf.port);
    wire.send('CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n');
    await wire.closed;
    await call(deaf.url('/hello'));
    expect(await waitForRequests(deaf, 1)).toEqual({ 'GET /hello 200': 1 });

    const proxy = await serve(version, {
      handler: (_, response) => response.end('hello'),
      setUp: (server) => server.on('connect', (_, socket) => socket.end('HTTP/1.1 200 OK\r\n\r\ntunnel')),
    });
    const tunnel = await Wire.open(proxy.port);
    tunnel.send('CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n');
    await tunnel.waitForData(/tunnel/);
    await call(proxy.url('/hello'));
    expect(await waitForRequests(proxy, 1)).toEqual({ 'GET /hello 200': 1 });
  });

  it('scrapes', async () => {
    const app = await serve(version, { handler: (_, response) => response.end('hello') });
    const metrics = await app.metricsUrl();
    await Promise.all(Array.from({ length: 20 }, () => call(metrics)));
    const gone = await Wire.open(Number(new URL(metrics).port));
    gone.send(http('GET /metrics'));
    gone.close();
    expect(await waitForOutcome(app, 0)).toEqual({ requests: {}, durations: {} });
    expect(await app.scrape()).not.toContain('http_active_requests');
  });
});
