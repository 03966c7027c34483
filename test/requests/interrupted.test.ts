import { describe, expect, it } from 'vitest';
import { call } from '../support/call.ts';
import { NODE_VERSIONS } from '../support/nodes.ts';
import { waitForInFlight, waitForRequests } from '../support/outcome.ts';
import { serve } from '../support/serve.ts';
import { http, Wire } from '../support/wire.ts';

type Disconnect = 'close' | 'reset';
const DISCONNECTS: Disconnect[] = ['close', 'reset'];

describe.each(NODE_VERSIONS)('counts each interrupted HTTP/1 request once, on Node %s:', (version) => {
  it.each(DISCONNECTS)('as 499 if the client disconnects before any header (%s)', async (disconnect) => {
    const app = await serve(version, { handler: () => {} });
    const wire = await Wire.open(app.port);
    wire.send(http('GET /slow'), http('POST /slow', 'Content-Length: 0'));
    await waitForInFlight(app, 2);
    wire[disconnect]();
    expect(await waitForRequests(app, 2)).toEqual({ 'GET unmatched 499': 1, 'POST unmatched 499': 1 });
  });

  it.each(DISCONNECTS)('with the sent status if the client disconnects after the header (%s)', async (disconnect) => {
    const app = await serve(version, { handler: (_, response) => response.writeHead(206).write('some') });
    const wire = await Wire.open(app.port);
    wire.send(http('GET /slow'));
    await wire.waitForData(/HTTP\/1.1 206[\s\S]+some/);
    wire[disconnect]();
    expect(await waitForRequests(app, 1)).toEqual({ 'GET /slow 206': 1 });
  });

  it('as 499 if a header was written but never sent', async () => {
    const app = await serve(version, { handler: (_, response) => response.writeHead(200) });
    const wire = await Wire.open(app.port);
    wire.send(http('GET /slow'));
    await waitForInFlight(app, 1);
    wire.close();
    expect(await waitForRequests(app, 1)).toEqual({ 'GET unmatched 499': 1 });
  });

  it.each(DISCONNECTS)('as 499 if the client disconnects in the middle of its own body (%s)', async (disconnect) => {
    const app = await serve(version, { handler: (request) => request.on('error', () => {}).resume() });
    const wires = await Promise.all([1, 2].map(() => Wire.open(app.port)));
    wires[0]?.send(http('POST /upload', 'Content-Length: 10'), 'half');
    wires[1]?.send(http('POST /upload', 'Transfer-Encoding: chunked'), '4\r\nhalf\r\n');
    await waitForInFlight(app, 2);
    for (const wire of wires) wire[disconnect]();
    expect(await waitForRequests(app, 2)).toEqual({ 'POST unmatched 499': 2 });
  });

  it('as 499 if only informational responses were sent', async () => {
    const app = await serve(version, { handler: (_, response) => response.writeProcessing() });
    const wire = await Wire.open(app.port);
    wire.send(http('GET /slow'));
    await wire.waitForData(/102 Processing/);
    wire.close();
    expect(await waitForRequests(app, 1)).toEqual({ 'GET unmatched 499': 1 });
  });

  it('with the sent status if the client disconnects in the middle of a big response', async () => {
    const app = await serve(version, { handler: (_, response) => response.end('x'.repeat(50_000_000)) });
    const wire = await Wire.open(app.port);
    wire.send(http('GET /big'));
    await wire.waitForData(/^HTTP\/1.1 200/);
    wire.close();
    expect(await waitForRequests(app, 1)).toEqual({ 'GET /big 200': 1 });
  });

  it.each(DISCONNECTS)(
    'as 499 if its response is queued behind one that hangs, finished or not (%s)',
    async (disconnect) => {
      const app = await serve(version, {
        handler: (request, response) => {
          if (request.url === '/done') response.end('never sent');
        },
      });
      const wire = await Wire.open(app.port);
      wire.send(http('GET /hang'), http('GET /done'), http('HEAD /done'), http('GET /hang'));
      await waitForInFlight(app, 4);
      wire[disconnect]();
      expect(await waitForRequests(app, 4)).toEqual({ 'GET unmatched 499': 3, 'HEAD unmatched 499': 1 });
    },
  );

  it('as 499 if its response is queued behind the last one before the server closes the connection', async () => {
    const app = await serve(version, {
      handler: (request, response) => {
        if (request.url === '/queued') return response.end('never sent');
        setTimeout(() => response.writeHead(200, { Connection: 'close' }).end('last'), 20);
      },
    });
    const wire = await Wire.open(app.port);
    wire.send(http('GET /last'), http('GET /queued'));
    await wire.closed;
    expect(wire.received).toMatch(/^HTTP\/1.1 200 OK[\s\S]+last/);
    expect(await waitForRequests(app, 2)).toEqual({ 'GET /last 200': 1, 'GET unmatched 499': 1 });
  });

  it('as 499 if its response is destroyed while it is queued', async () => {
    const app = await serve(version, {
      handler: (request, response) => {
        if (request.url === '/queued') response.destroy();
        else setTimeout(() => response.end('first'), 20);
      },
    });
    const wire = await Wire.open(app.port);
    wire.send(http('GET /first'), http('GET /queued'));
    await wire.waitForData(/first$/);
    wire.close();
    expect(await waitForRequests(app, 2)).toEqual({ 'GET /first 200': 1, 'GET unmatched 499': 1 });
  });

  it('if the handler destroys its response, its socket or its request', async () => {
    const app = await serve(version, {
      handler: (request, response) => {
        request.on('error', () => {});
        const [, what, when] = request.url?.split('/') ?? [];
        if (when === 'late') response.writeHead(202).write('some');
        const victim = { response, socket: request.socket, request }[what as 'response' | 'socket' | 'request'];
        setTimeout(() => victim.destroy(), 5);
      },
    });
    for (const what of ['response', 'socket', 'request']) {
      for (const when of ['early', 'late']) await expect(call(app.url(`/${what}/${when}`))).rejects.toThrow();
    }
    expect(await waitForRequests(app, 6)).toEqual({
      'GET unmatched 499': 3,
      'GET /response/late 202': 1,
      'GET /socket/late 202': 1,
      'GET /request/late 202': 1,
    });
  });

  it('as 499 if the handler has ended the connection before it responds', async () => {
    const app = await serve(version, {
      handler: (request, response) => {
        request.socket.end();
        setImmediate(() => response.end('never sent'));
      },
    });
    await expect(call(app.url('/ended'))).rejects.toThrow();
    expect(await waitForRequests(app, 1)).toEqual({ 'GET unmatched 499': 1 });
  });

  it('if the server closes its connections while requests are in flight', async () => {
    const app = await serve(version, {
      handler: (request, response) => {
        if (request.url === '/begun') response.writeHead(200).write('some');
      },
      setUp: (server) => process.on('message', () => server.closeAllConnections()),
    });
    const wires = await Promise.all([1, 2, 3].map(() => Wire.open(app.port)));
    for (const wire of wires) wire.send(http('GET /begun'), http('GET /hang'));
    await waitForInFlight(app, 6);
    app.child.send('drop');
    await Promise.all(wires.map((wire) => wire.closed));
    expect(await waitForRequests(app, 6)).toEqual({ 'GET /begun 200': 3, 'GET unmatched 499': 3 });
  });

  it('as 408 if Node stops waiting for the body', async () => {
    const app = await serve(version, {
      options: { requestTimeout: 1_000, headersTimeout: 1_000, connectionsCheckingInterval: 100 },
      handler: (request) => request.resume(),
    });
    const wire = await Wire.open(app.port);
    wire.send(http('POST /upload', 'Content-Length: 10'), 'half');
    await wire.waitForData(/^HTTP\/1.1 408 Request Timeout/);
    expect(await waitForRequests(app, 1)).toEqual({ 'POST unmatched 408': 1 });
  });

  it('with the sent status, not 408, if Node stops waiting for the body after the response has started', async () => {
    const app = await serve(version, {
      options: { requestTimeout: 1_000, headersTimeout: 1_000, connectionsCheckingInterval: 100 },
      handler: (_, response) => response.writeHead(202).write('some'),
    });
    const wire = await Wire.open(app.port);
    wire.send(http('POST /upload', 'Content-Length: 10'), 'half');
    await wire.closed;
    expect(wire.received).toMatch(/^HTTP\/1.1 202/);
    expect(await waitForRequests(app, 1)).toEqual({ 'POST /upload 202': 1 });
  });

  const chunked = http('POST /upload', 'Transfer-Encoding: chunked');
  it.each([
    ['400', 'garbage among the chunks', `${chunked}4\r\nbody\r\nzz\r\n`, /^HTTP\/1.1 400 Bad Request/],
    ['413', 'chunk extensions without end', `${chunked}1;${'a'.repeat(20_000)}`, /^HTTP\/1.1 413/],
    ['431', 'trailers without end', `${chunked}0\r\na: ${'a'.repeat(20_000)}`, /^HTTP\/1.1 431/],
  ])('as %s, the status that Node answers for %s', async (status, _, bytes, answer) => {
    const app = await serve(version, { handler: (request) => request.on('error', () => {}).resume() });
    const wire = await Wire.open(app.port);
    wire.send(bytes);
    await wire.waitForData(answer);
    expect(await waitForRequests(app, 1)).toEqual({ [`POST unmatched ${status}`]: 1 });
  });

  it('as 400 if it precedes garbage, as 499 if it is queued behind that request', async () => {
    const app = await serve(version, { handler: () => {} });
    const wire = await Wire.open(app.port);
    wire.send(http('GET /hang'), http('GET /hang'), 'garbage\r\n\r\n');
    await wire.waitForData(/^HTTP\/1.1 400 Bad Request/);
    expect(await waitForRequests(app, 2)).toEqual({ 'GET unmatched 400': 1, 'GET unmatched 499': 1 });
  });

  it('as 499 if a clientError listener of the app answers', async () => {
    const app = await serve(version, {
      handler: (request) => request.on('error', () => {}).resume(),
      setUp: (server) => server.on('clientError', (_, socket) => socket.end('HTTP/1.1 418 Teapot\r\n\r\n')),
    });
    const wire = await Wire.open(app.port);
    wire.send(chunked, 'zz\r\n');
    await wire.waitForData(/^HTTP\/1.1 418 Teapot/);
    expect(await waitForRequests(app, 1)).toEqual({ 'POST unmatched 499': 1 });
  });

  it('if the server times out, or if a response times out and is answered', async () => {
    const app = await serve(version, {
      handler: (request, response) => {
        if (request.url === '/answered') response.setTimeout(50, () => response.writeHead(504).end());
      },
      setUp: (server) => server.setTimeout(1_500),
    });
    expect(await call(app.url('/answered'))).toEqual({ status: 504, body: '' });
    await expect(call(app.url('/hang'))).rejects.toThrow();
    expect(await waitForRequests(app, 2)).toEqual({ 'GET /answered 504': 1, 'GET unmatched 499': 1 });
  });
});
