import type { ServerHttp2Session, ServerHttp2Stream } from 'node:http2';
import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ask, encodeFrame, encodeGet, openSession, openStream, PREFACE } from '../support/http2.ts';
import { NODE_VERSIONS } from '../support/nodes.ts';
import { waitForInFlight, waitForRequests } from '../support/outcome.ts';
import { type Service, serve } from '../support/serve.ts';
import { Wire } from '../support/wire.ts';

/** Both APIs of a server. Each answers `hello`, with 200 or the status in the path. */
const APIS: Record<string, Service> = {
  'the stream API': {
    stream: (stream, headers) => {
      stream.respond({ ':status': Number(headers[':path']?.slice(1)) || 200 });
      stream.end(headers[':method'] === 'HEAD' ? undefined : 'hello');
    },
  },
  'the compatibility API': {
    handler: (request, response) => {
      response.statusCode = Number(request.url?.slice(1)) || 200;
      response.end('hello');
    },
  },
};
const KINDS = ['http2', 'http2s'] as const;
const BOTH = Object.keys(APIS).flatMap((api) => KINDS.map((kind) => [api, kind] as const));

/** Answers by the path. A stream that its listener does not end stays open. */
const routes: Service = {
  kind: 'http2',
  stream: (stream, headers) => {
    const listeners: Record<string, (stream: ServerHttp2Stream) => void> = {
      '/hang': () => {},
      '/begun': (stream) => {
        stream.respond({ ':status': 206 });
        stream.write('some');
      },
      '/informed': (stream) => stream.additionalHeaders({ ':status': 103, link: '</style.css>' }),
      '/informed-and-answered': (stream) => {
        stream.additionalHeaders({ ':status': 103, link: '</style.css>' });
        stream.respond({ ':status': 204 }, { endStream: true });
      },
      '/destroyed': (stream) => stream.destroy(),
      '/closed': (stream) => stream.close(8),
      '/failed': (stream) => stream.destroy(new Error('oops')),
      '/refused': (stream) => {
        try {
          stream.respond({ ':status': 200, connection: 'close' });
        } catch {
          stream.destroy();
        }
      },
      '/file': (stream) => stream.respondWithFile(process.argv[1] as string, { ':status': 200 }),
      '/no-file': (stream) =>
        stream.respondWithFile(
          '/nowhere',
          {},
          { onError: () => stream.respond({ ':status': 404 }, { endStream: true }) },
        ),
      '/trailers': (stream) => {
        stream.respond({ ':status': 200 }, { waitForTrailers: true });
        stream.on('wantTrailers', () => stream.sendTrailers({ sum: '1' }));
        stream.end('hello');
      },
      '/big': (stream) => {
        stream.respond({ ':status': 200 });
        stream.end('x'.repeat(400_000));
      },
    };
    stream.on('error', () => {});
    listeners[String(headers[':path'])]?.(stream);
  },
};

describe.each(NODE_VERSIONS)('counts each HTTP/2 request once, on Node %s:', (version) => {
  it.each(BOTH)('answered by %s, over %s', async (api, kind) => {
    const app = await serve(version, { kind, ...APIS[api] });
    const client = await openSession(app.url().replace('http', kind === 'http2' ? 'http' : 'https'));
    expect(await ask(client, { ':path': '/hello' })).toEqual({ status: 200, body: 'hello' });
    expect(await ask(client, { ':path': '/hello?q=1', ':method': 'POST' }, 'body')).toEqual({
      status: 200,
      body: 'hello',
    });
    expect(await ask(client, { ':path': '/hello', ':method': 'HEAD' })).toEqual({ status: 200, body: '' });
    expect(await ask(client, { ':path': '/404' })).toEqual({ status: 404, body: 'hello' });
    expect(await ask(client, { ':path': '/503' })).toEqual({ status: 503, body: 'hello' });
    await Promise.all(Array.from({ length: 50 }, () => ask(client, { ':path': '/many' })));
    expect(await waitForRequests(app, 55)).toEqual({
      'GET /hello 200': 1,
      'POST /hello 200': 1,
      'HEAD /hello 200': 1,
      'GET unmatched 404': 1,
      'GET /:id 503': 1,
      'GET /many 200': 50,
    });
  });

  it('under _OTHER if its method is unknown', async () => {
    const service: Service = { kind: 'http2', ...APIS['the stream API'] };
    for (const [known, expected] of [
      ['', { 'GET /pot 200': 1, '_OTHER /pot 200': 2 }],
      ['GET,BREW', { 'GET /pot 200': 1, 'BREW /pot 200': 1, '_OTHER /pot 200': 1 }],
    ] as const) {
      const app = await serve(version, { ...service, env: { OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS: known } });
      const client = await openSession(app.url());
      for (const method of ['GET', 'BREW', 'get']) await ask(client, { ':path': '/pot', ':method': method });
      expect(await waitForRequests(app, 3)).toEqual(expected);
    }
  });

  it('but neither pushed responses nor extended CONNECT', async () => {
    const app = await serve(version, {
      kind: 'http2',
      options: { settings: { enableConnectProtocol: true } },
      stream: (stream, headers) => {
        stream.respond({ ':status': 200 });
        if (headers[':method'] === 'CONNECT') return stream.pipe(stream);
        stream.pushStream({ ':path': '/pushed' }, (_, pushed) => {
          pushed.respond({ ':status': 200 });
          pushed.end('pushed');
        });
        stream.end('hello');
      },
    });
    const client = await openSession(app.url());
    const pushed = new Promise((resolve) => client.on('stream', (stream) => stream.resume().on('close', resolve)));
    expect(await ask(client, { ':path': '/pushes' })).toEqual({ status: 200, body: 'hello' });
    await pushed;
    const socket = { ':method': 'CONNECT', ':protocol': 'websocket', ':path': '/socket' };
    expect(await ask(client, socket, 'echo')).toEqual({ status: 200, body: 'echo' });
    expect(await waitForRequests(app, 1)).toEqual({ 'GET /pushes 200': 1 });
  });

  it('with informational responses, trailers or a file', async () => {
    const app = await serve(version, routes);
    const client = await openSession(app.url());
    expect(await ask(client, { ':path': '/informed-and-answered' })).toEqual({ status: 204, body: '' });
    expect(await ask(client, { ':path': '/trailers' })).toEqual({ status: 200, body: 'hello' });
    expect((await ask(client, { ':path': '/file' })).body).toContain('createSecureServer');
    expect(await ask(client, { ':path': '/no-file' })).toEqual({ status: 404, body: '' });
    expect(await waitForRequests(app, 4)).toEqual({
      'GET /informed-and-answered 204': 1,
      'GET /trailers 200': 1,
      'GET /file 200': 1,
      'GET unmatched 404': 1,
    });
  });

  const disconnects = ['reset', 'reset without an error', 'end of the session', 'end of the connection'] as const;
  it.each(disconnects)(
    'as 499 if the client disconnects before any header, otherwise with the sent status (%s)',
    async (how) => {
      const app = await serve(version, routes);
      const socket = connect(app.port, '127.0.0.1');
      const client = await openSession(app.url(), socket);
      const answers = ['/hang', '/informed', '/begun'].map((path) => {
        const stream = openStream(client, { ':path': path, ':method': 'POST' }, { endStream: false });
        const firstAnswer =
          path === '/hang' || new Promise((resolve) => stream.once(path === '/begun' ? 'data' : 'headers', resolve));
        return { stream, firstAnswer };
      });
      await Promise.all(answers.map(({ firstAnswer }) => firstAnswer));
      await waitForInFlight(app, 3);
      if (how === 'end of the session') client.destroy();
      else if (how === 'end of the connection') socket.destroy();
      else for (const { stream } of answers) stream.close(how === 'reset' ? 8 : 0);
      expect(await waitForRequests(app, 3)).toEqual({ 'POST unmatched 499': 2, 'POST /begun 206': 1 });
    },
  );

  it('if the client disconnects in the middle of big responses, also before the end of its own body', async () => {
    const app = await serve(version, routes);
    const client = await openSession(app.url());
    Array.from({ length: 20 }, (_, i) =>
      openStream(client, { ':path': '/big', ':method': i % 2 ? 'GET' : 'POST' }, { endStream: i % 2 === 1 }),
    );
    await waitForInFlight(app, 20);
    client.destroy();
    // Up to Node 24, not all of these streams emit `close`; on Node 20, hardly any.
    expect(await waitForRequests(app, 20)).toEqual({ 'GET /big 200': 10, 'POST /big 200': 10 });
  });

  it('as 499 if the server fails: destroyed, closed, an error, an invalid header', async () => {
    const app = await serve(version, routes);
    const client = await openSession(app.url());
    for (const path of ['/destroyed', '/closed', '/failed', '/refused']) {
      expect(await ask(client, { ':path': path })).toEqual({ status: undefined, body: '' });
    }
    expect(await waitForRequests(app, 4)).toEqual({ 'GET unmatched 499': 4 });
  });

  it('if its stream is reset immediately after it opens', async () => {
    const app = await serve(version, routes);
    const wire = await Wire.open(app.port);
    const streams = Array.from({ length: 100 }, (_, i) => 1 + 2 * i);
    const cancel = Buffer.from([0, 0, 0, 8]);
    wire.send(
      Buffer.concat([
        PREFACE,
        ...streams.map((id) =>
          Buffer.concat([encodeFrame(1, 5, id, encodeGet('/hang')), encodeFrame(3, 0, id, cancel)]),
        ),
      ]),
    );
    expect(await waitForRequests(app, 100)).toEqual({ 'GET unmatched 499': 100 });
  });

  it('if the listener throws and the app continues', async () => {
    const app = await serve(version, {
      kind: 'http2',
      setUp: () => process.on('uncaughtException', () => {}),
      stream: () => {
        throw new Error('oops');
      },
    });
    const client = await openSession(app.url());
    const stream = openStream(client, { ':path': '/throws' });
    await waitForInFlight(app, 1);
    stream.close(8);
    expect(await waitForRequests(app, 1)).toEqual({ 'GET unmatched 499': 1 });
  });

  it('if the server handles the streams of each session', async () => {
    const app = await serve(version, {
      kind: 'http2',
      setUp: (server) =>
        server.on('session', (session: ServerHttp2Session) =>
          session.on('stream', (stream) => {
            stream.respond({ ':status': 201 });
            stream.end('hello');
          }),
        ),
    });
    const client = await openSession(app.url());
    expect(await ask(client, { ':path': '/hello' })).toEqual({ status: 201, body: 'hello' });
    expect(await waitForRequests(app, 1)).toEqual({ 'GET /hello 201': 1 });
  });
});
