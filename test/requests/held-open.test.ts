import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { App } from '../support/app.ts';
import { call } from '../support/call.ts';
import { samples } from '../support/exposition.ts';
import { ask, openSession } from '../support/http2.ts';
import { NODE_VERSIONS } from '../support/nodes.ts';
import { waitForInFlight, waitForOutcome, waitForRequests } from '../support/outcome.ts';
import { serve } from '../support/serve.ts';
import { http, Wire } from '../support/wire.ts';

/** The handlers below end a stream of events after 40 milliseconds. */
const MIN_SECONDS = 0.03;

const secondsOf = async (app: App, path: string): Promise<number | undefined> =>
  samples(await app.scrape())[`http_duration_sum{path="${path}",method="POST"}`];

/** Declares an event stream in each possible syntax, by the path. */
function events(request: IncomingMessage, response: ServerResponse): void {
  const type = 'text/event-stream';
  if (request.url === '/set') response.setHeader('Content-Type', type);
  else if (request.url === '/written') response.writeHead(200, { 'content-type': `${type}; charset=utf-8` });
  else if (request.url === '/listed') response.writeHead(200, ['CONTENT-TYPE', type]);
  response.write('data: 1\n\n');
  if (request.headers.hold === undefined) setTimeout(() => response.end(), 40);
}

const ALL = { 'GET /set 200': 1, 'GET /written 200': 1, 'GET /listed 200': 1 };

describe.each(NODE_VERSIONS)('counts an event stream and does not time it, on Node %s:', (version) => {
  it('when the server ends it', async () => {
    const app = await serve(version, { handler: events });
    for (const path of ['/set', '/written', '/listed']) await call(app.url(path));
    expect(await waitForOutcome(app, 3)).toEqual({ requests: ALL, durations: {} });
  });

  it('when the client ends it', async () => {
    const app = await serve(version, { handler: events });
    for (const path of ['/set', '/written', '/listed']) {
      const wire = await Wire.open(app.port);
      wire.send(http(`GET ${path}`, 'Hold: yes'));
      await wire.waitForData(/data: 1/);
      wire.close();
    }
    expect(await waitForOutcome(app, 3)).toEqual({ requests: ALL, durations: {} });
  });

  it('over HTTP/2', async () => {
    const app = await serve(version, {
      kind: 'http2',
      stream: (stream, headers) => {
        const name = headers[':path'] === '/set' ? 'content-type' : 'Content-Type';
        stream.respond({ ':status': 200, [name]: 'text/event-stream; charset=utf-8' });
        stream.end('data: 1\n\n');
      },
    });
    const client = await openSession(app.url());
    for (const path of ['/set', '/written']) {
      expect(await ask(client, { ':path': path })).toEqual({ status: 200, body: 'data: 1\n\n' });
    }
    expect(await waitForOutcome(app, 2)).toEqual({
      requests: { 'GET /set 200': 1, 'GET /written 200': 1 },
      durations: {},
    });
  });

  it('and other answers without an end: pictures of a camera, watches', async () => {
    const app = await serve(version, {
      handler: (request, response) => {
        const types: Record<string, string> = {
          '/camera': 'multipart/x-mixed-replace; boundary=picture',
          '/pods': 'application/json;stream=watch',
          '/pods?watch=true': 'application/json',
        };
        response.writeHead(200, { 'Content-Type': types[request.url ?? ''] });
        response.write('1');
        setTimeout(() => response.end(), 40);
      },
    });
    for (const path of ['/camera', '/pods', '/pods?watch=true']) await call(app.url(path));
    expect(await waitForOutcome(app, 3)).toEqual({
      requests: { 'GET /camera 200': 1, 'GET /pods 200': 2 },
      durations: {},
    });
  });

  it('also if its client leaves before any header', async () => {
    const app = await serve(version, { handler: () => {} });
    const wire = await Wire.open(app.port);
    wire.send(http('GET /events', 'Accept: text/event-stream'));
    await waitForInFlight(app, 1);
    wire.close();
    expect(await waitForOutcome(app, 1)).toEqual({ requests: { 'GET unmatched 499': 1 }, durations: {} });
  });

  it('and what APM_UNTIMED_PATHS names', async () => {
    const app = await serve(version, {
      handler: (_, response) => response.end('hello'),
      env: { APM_UNTIMED_PATHS: 'GET /polls/*,/changes' },
    });
    for (const path of ['/polls/news', '/changes', '/other']) {
      await call(app.url(path));
      await call(app.url(path), { method: 'POST' });
    }
    expect(await waitForOutcome(app, 6)).toEqual({
      requests: {
        'GET /polls/news 200': 1,
        'POST /polls/news 200': 1,
        'GET /changes 200': 1,
        'POST /changes 200': 1,
        'GET /other 200': 1,
        'POST /other 200': 1,
      },
      durations: { 'POST /polls/news': 1, 'GET /other': 1, 'POST /other': 1 },
    });
  });

  it('but times a POST that is answered in events to its end', async () => {
    const app = await serve(version, { handler: events });
    for (const path of ['/set', '/written', '/listed']) await call(app.url(path), { method: 'POST' });
    expect(await waitForRequests(app, 3)).toEqual({
      'POST /set 200': 1,
      'POST /written 200': 1,
      'POST /listed 200': 1,
    });
    for (const path of ['/set', '/written', '/listed']) expect(await secondsOf(app, path)).toBeGreaterThan(MIN_SECONDS);
  });

  it('but times a POST that is answered in events to its end, over HTTP/2', async () => {
    const app = await serve(version, {
      kind: 'http2',
      stream: (stream) => {
        stream.respond({ ':status': 200, 'content-type': 'text/event-stream' });
        stream.write('data: 1\n\n');
        setTimeout(() => stream.end('data: 2\n\n'), 40);
      },
    });
    const client = await openSession(app.url());
    const body = 'data: 1\n\ndata: 2\n\n';
    expect(await ask(client, { ':path': '/chat', ':method': 'POST' })).toEqual({ status: 200, body });
    expect(await waitForRequests(app, 1)).toEqual({ 'POST /chat 200': 1 });
    expect(await secondsOf(app, '/chat')).toBeGreaterThan(MIN_SECONDS);
  });

  it('but times a response that only mentions the type', async () => {
    const app = await serve(version, {
      handler: (_, response) =>
        response
          .writeHead(200, {
            Accept: 'text/event-stream',
            'Content-Type': 'application/json',
            Link: '<text/event-stream>',
          })
          .end('"text/event-stream"'),
    });
    await call(app.url('/events.json'));
    expect(await waitForRequests(app, 1)).toEqual({ 'GET /events.json 200': 1 });
  });
});
