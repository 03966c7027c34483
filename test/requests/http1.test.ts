import { Agent } from 'node:http';
import { describe, expect, it } from 'vitest';
import { call } from '../support/call.ts';
import { samples } from '../support/exposition.ts';
import { NODE_VERSIONS } from '../support/nodes.ts';
import { active, waitForRequests } from '../support/outcome.ts';
import { serve } from '../support/serve.ts';
import { http, Wire } from '../support/wire.ts';

describe.each(NODE_VERSIONS)('counts each HTTP/1 request once, on Node %s:', (version) => {
  it.each(['http', 'https'] as const)('over %s', async (kind) => {
    const app = await serve(version, { kind, handler: (_, response) => response.end('hello') });
    const url = app.url('/hello').replace('http', kind);
    expect(await call(url)).toEqual({ status: 200, body: 'hello' });
    expect(await call(url, { method: 'POST' }, 'body')).toEqual({ status: 200, body: 'hello' });
    expect(await waitForRequests(app, 2)).toEqual({ 'GET /hello 200': 1, 'POST /hello 200': 1 });
  });

  it('over HTTP/1.1 on a secure HTTP/2 server', async () => {
    const app = await serve(version, {
      kind: 'http2s',
      options: { allowHTTP1: true },
      handler: (request, response) => response.end(request.httpVersion),
    });
    const url = app.url('/hello').replace('http', 'https');
    expect(await call(url)).toEqual({ status: 200, body: '1.1' });
    expect(await waitForRequests(app, 1)).toEqual({ 'GET /hello 200': 1 });
  });

  it('on several servers of one process, but not on the metrics server', async () => {
    const app = await serve(version, {
      handler: (_, response) => response.end('first'),
      setUp: () => {
        const { createServer } = process.getBuiltinModule('node:http');
        const second = createServer((_, response) => response.writeHead(201).end('second'));
        second.listen(0, () => console.log('second', (second.address() as { port: number }).port));
      },
    });
    const [, second] = await app.waitForOutput(/^second (\d+)/m);
    await call(app.url('/one'));
    await call(app.url('/one'));
    await call(`http://127.0.0.1:${second}/two`);
    const metrics = await app.metricsUrl();
    for (const path of ['', '/nothing', '?query']) await call(metrics + path);
    expect(await waitForRequests(app, 3)).toEqual({ 'GET /one 200': 2, 'GET /two 201': 1 });
  });

  it('on a keep-alive connection with many requests', async () => {
    const app = await serve(version, {
      handler: (request, response) => {
        response.statusCode = Number(request.url?.slice(1));
        response.end('hello');
      },
    });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (const status of [200, 404, 200, 503, 200, 302]) await call(app.url(`/${status}`), { agent });
    agent.destroy();
    // The path is taken for an id. A 404 gets that template only because a 200 before it has shown that the path exists.
    expect(await waitForRequests(app, 6)).toEqual({
      'GET /:id 200': 3,
      'GET /:id 302': 1,
      'GET /:id 404': 1,
      'GET /:id 503': 1,
    });
  });

  it('if pipelined requests finish in another order', async () => {
    const app = await serve(version, {
      // Answers when all five requests have arrived, the last one first.
      handler: (request, response) => {
        const shared = globalThis as { answers?: (() => void)[] };
        shared.answers ??= [];
        shared.answers.unshift(() => response.end(`${request.url} `));
        if (shared.answers.length === 5) for (const answer of shared.answers) answer();
      },
    });
    const wire = await Wire.open(app.port);
    wire.send(...['a', 'b', 'c', 'd', 'e'].map((name) => http(`GET /${name}`)));
    await wire.waitForData(/\/a [\s\S]+\/b [\s\S]+\/c [\s\S]+\/d [\s\S]+\/e /);
    const expected = ['a', 'b', 'c', 'd', 'e'].map((name) => [`GET /${name} 200`, 1]);
    expect(await waitForRequests(app, 5)).toEqual(Object.fromEntries(expected));
  });

  it('with the time from its arrival to the end of its response', async () => {
    const app = await serve(version, {
      handler: (_, response) => {
        setTimeout(() => response.writeHead(200).write('some'), 100);
        setTimeout(() => response.end(), 200);
      },
    });
    const start = performance.now();
    await call(app.url('/slow'));
    expect(await waitForRequests(app, 1)).toEqual({ 'GET /slow 200': 1 });
    // The client may receive the response before the server knows that it was sent.
    const seen = (performance.now() - start) / 1000;
    const seconds = samples(await app.scrape())['http_duration_sum{path="/slow",method="GET"}'];
    expect(seconds).toBeGreaterThan(0.195);
    expect(seconds).toBeLessThanOrEqual(seen);
  });

  it('if the status has a custom text, or none', async () => {
    const app = await serve(version, {
      handler: (request, response) => {
        if (request.url === '/made') response.writeHead(201, 'Made').end();
        else response.writeHead(299).end();
      },
    });
    expect(await call(app.url('/made'))).toEqual({ status: 201, body: '' });
    expect(await call(app.url('/odd'))).toEqual({ status: 299, body: '' });
    expect(await waitForRequests(app, 2)).toEqual({ 'GET /made 201': 1, 'GET /odd 299': 1 });
  });

  it('if the response has no body: HEAD, 204 and 304', async () => {
    const app = await serve(version, {
      handler: (request, response) => {
        response.statusCode = { '/none': 204, '/same': 304 }[request.url as string] ?? 200;
        response.setHeader('Content-Length', request.url === '/head' ? 5 : 0);
        response.end(request.url === '/head' ? 'hello' : undefined);
      },
    });
    expect(await call(app.url('/head'), { method: 'HEAD' })).toEqual({ status: 200, body: '' });
    expect(await call(app.url('/none'))).toEqual({ status: 204, body: '' });
    // A 304 shows no path that was not there before.
    expect(await call(app.url('/same'))).toEqual({ status: 304, body: '' });
    expect(await waitForRequests(app, 3)).toEqual({ 'HEAD /head 200': 1, 'GET /none 204': 1, 'GET /same 304': 1 });
  });

  it('with Expect: 100-continue', async () => {
    const app = await serve(version, {
      handler: (request, response) => request.resume().on('end', () => response.end('done')),
    });
    const wire = await Wire.open(app.port);
    wire.send(http('POST /upload', 'Expect: 100-continue', 'Content-Length: 4'));
    await wire.waitForData(/^HTTP\/1.1 100 Continue\r\n\r\n$/);
    wire.send('body');
    await wire.waitForData(/HTTP\/1.1 200 OK[\s\S]+done/);
    wire.send(http('POST /upload', 'Expect: miracles', 'Content-Length: 0'));
    await wire.waitForData(/HTTP\/1.1 417/);
    expect(await waitForRequests(app, 2)).toEqual({ 'POST /upload 200': 1, 'POST /upload 417': 1 });
  });

  it('with Expect: 100-continue that the app handles', async () => {
    const app = await serve(version, {
      setUp: (server) => {
        server.on('checkContinue', (request, response) => {
          if (request.url === '/no') return response.writeHead(403).end();
          response.writeContinue();
          request.resume().on('end', () => response.writeHead(201).end());
        });
      },
    });
    const wire = await Wire.open(app.port);
    wire.send(http('POST /yes', 'Expect: 100-continue', 'Content-Length: 4'));
    await wire.waitForData(/100 Continue/);
    wire.send('body');
    await wire.waitForData(/201 Created/);
    wire.send(http('POST /no', 'Expect: 100-continue', 'Content-Length: 4'));
    await wire.waitForData(/403 Forbidden/);
    expect(await waitForRequests(app, 2)).toEqual({ 'POST /yes 201': 1, 'POST unmatched 403': 1 });
  });

  it('with the status of the final response, not of informational ones', async () => {
    const app = await serve(version, {
      handler: (_, response) => {
        response.writeContinue();
        response.writeProcessing();
        response.writeEarlyHints({ link: '</style.css>; rel=preload' });
        setTimeout(() => response.writeHead(202).end(), 5);
      },
    });
    expect(await call(app.url('/hints'))).toEqual({ status: 202, body: '' });
    expect(await waitForRequests(app, 1)).toEqual({ 'GET /hints 202': 1 });
  });

  it('if its body is never read', async () => {
    const app = await serve(version, { handler: (_, response) => response.writeHead(413).end('too much') });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const big = 'x'.repeat(1_000_000);
    for (let i = 0; i < 3; i++) expect((await call(app.url('/'), { method: 'POST', agent }, big)).status).toBe(413);
    agent.destroy();
    expect(await waitForRequests(app, 3)).toEqual({ 'POST unmatched 413': 3 });
  });

  it('with a big response', async () => {
    const app = await serve(version, { handler: (_, response) => response.end('x'.repeat(20_000_000)) });
    expect((await call(app.url('/big'))).body.length).toBe(20_000_000);
    expect(await waitForRequests(app, 1)).toEqual({ 'GET /big 200': 1 });
  });

  it('if its response is ended twice, or its status is set too late', async () => {
    const app = await serve(version, {
      handler: (_, response) => {
        response.on('error', () => {});
        response.writeHead(200).end('first');
        response.statusCode = 500;
        response.end('second');
        response.destroy();
      },
      setUp: (server) => void process.on('uncaughtException', () => server.emit('surprise')),
    });
    const wire = await Wire.open(app.port);
    wire.send(http('GET /twice'));
    await wire.waitForData(/HTTP\/1.1 200 OK[\s\S]+first/);
    expect(await waitForRequests(app, 1)).toEqual({ 'GET /twice 200': 1 });
  });

  it('if Node itself answers: without Host, and above the limit of requests per connection', async () => {
    const app = await serve(version, {
      handler: (_, response) => response.end(),
      setUp: (server) => {
        server.maxRequestsPerSocket = 1;
      },
    });
    const wire = await Wire.open(app.port);
    wire.send('GET /ok HTTP/1.1\r\n\r\n');
    await wire.waitForData(/HTTP\/1.1 400 Bad Request/);
    const another = await Wire.open(app.port);
    another.send(http('GET /ok'), http('GET /ok'));
    await another.waitForData(/HTTP\/1.1 200 OK[\s\S]+HTTP\/1.1 503 Service Unavailable/);
    expect(await waitForRequests(app, 3)).toEqual({ 'GET unmatched 400': 1, 'GET /ok 200': 1, 'GET /ok 503': 1 });
  });

  it('if it is an upgrade for which the server has no listener', async () => {
    const app = await serve(version, { handler: (_, response) => response.end('no') });
    const wire = await Wire.open(app.port);
    wire.send(http('GET /socket', 'Connection: Upgrade', 'Upgrade: websocket'));
    await wire.waitForData(/HTTP\/1.1 200 OK[\s\S]+no/);
    expect(await waitForRequests(app, 1)).toEqual({ 'GET /socket 200': 1 });
  });

  it('under its method if that is known, otherwise under _OTHER', async () => {
    const handler = (_: unknown, response: import('node:http').ServerResponse) => response.end();
    const app = await serve(version, { handler });
    for (const method of ['GET', 'PATCH', 'TRACE', 'PROPFIND', 'MKCOL']) await call(app.url('/dav'), { method });
    expect(await waitForRequests(app, 5)).toEqual({
      'GET /dav 200': 1,
      'PATCH /dav 200': 1,
      'TRACE /dav 200': 1,
      '_OTHER /dav 200': 2,
    });
    const other = await serve(version, { handler, env: { OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS: 'GET,PROPFIND' } });
    for (const method of ['GET', 'PATCH', 'PROPFIND']) await call(other.url('/dav'), { method });
    expect(await waitForRequests(other, 3)).toEqual({
      'GET /dav 200': 1,
      '_OTHER /dav 200': 1,
      'PROPFIND /dav 200': 1,
    });
  });

  it('if the app removes all listeners from the response', async () => {
    const app = await serve(version, {
      handler: (_, response) => {
        response.removeAllListeners('close');
        response.end('hello');
      },
    });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    await call(app.url('/bare'), { agent });
    await call(app.url('/bare'), { agent });
    expect(active(await app.scrape())).toBe(0);
    expect(await waitForRequests(app, 2)).toEqual({ 'GET /bare 200': 2 });
    agent.destroy();
  });

  it('if its response is detached from the connection, or attached again', async () => {
    const app = await serve(version, {
      handler: (request, response) => {
        const { socket } = request;
        response.detachSocket(socket);
        if (request.url === '/raw') return socket.end('HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nraw');
        setImmediate(() => {
          response.assignSocket(socket);
          response.writeHead(201).end('back');
        });
      },
    });
    expect(await call(app.url('/back'))).toEqual({ status: 201, body: 'back' });
    expect(await call(app.url('/raw'))).toEqual({ status: 200, body: 'raw' });
    // The app wrote the response to the socket itself, so its status is unknown.
    expect(await waitForRequests(app, 2)).toEqual({ 'GET /back 201': 1, 'GET unmatched 499': 1 });
  });
});
