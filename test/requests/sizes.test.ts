import { once } from 'node:events';
import { type Agent, Agent as HttpAgent, request as httpRequest, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { type App, startApp } from '../support/app.ts';
import { samples, until } from '../support/exposition.ts';
import { ask as askHttp2, openSession } from '../support/http2.ts';
import { NODE_VERSIONS, node } from '../support/nodes.ts';

const GZIP_BYTES = gzipSync('x'.repeat(10_000)).length;
/** Two chunks of 500 bytes, and the end: `1f4` and two ends of a line each, then `0` and two ends of a line. */
const FRAMED_PIECES = 2 * (3 + 2 + 500 + 2) + 5;

interface Ask extends RequestOptions {
  /** Sent one by one, in chunks; a text is sent with its length. */
  readonly body?: string | readonly string[];
}

/** Sends a request over a connection that is kept, and reads its answer; resolves also where the answer is cut off. */
function ask(agent: Agent, port: number, path: string, { body, ...options }: Ask = {}): Promise<void> {
  const send = agent instanceof HttpsAgent ? httpsRequest : httpRequest;
  return new Promise((resolve) => {
    const request = send(
      { agent, host: '127.0.0.1', port, path, rejectUnauthorized: false, ...options },
      (response) => {
        response.resume().on('close', resolve);
        response.on('error', () => {});
      },
    );
    request.on('error', () => resolve());
    if (Array.isArray(body)) for (const piece of body) request.write(piece);
    request.end(typeof body === 'string' ? body : undefined);
  });
}

async function start(version: (typeof NODE_VERSIONS)[number], env: Record<string, string> = {}) {
  const app = await startApp('test/apps/labels/sizes.mjs', {
    node: node(version),
    ready: /^listening (.+)$/m,
    env: { APM_SIZES: 'true', ...env },
  });
  const ports = ((await app.waitForOutput(app.ready))[1] ?? '').split(' ').map(Number);
  return { app, ports: ports as [http: number, https: number, http2: number] };
}

/** `request` and `response` bytes by method and path, once this number of requests is counted. */
async function readSizes(app: App, count: number): Promise<Record<string, [request: number, response: number]>> {
  const text = await until(
    async () => samples(await (await fetch(await app.metricsUrl())).text()),
    (found) => sum(found, 'http_response_size_bytes_count') === count,
  );
  const sizes: Record<string, [number, number]> = {};
  for (const [name, value] of Object.entries(text)) {
    const [, which, path, method] =
      /^http_(request|response)_size_bytes_sum\{path="(.+)",method="(\w+)"\}$/.exec(name) ?? [];
    if (which === undefined) continue;
    const entry = sizes[`${method} ${path}`] ?? [0, 0];
    sizes[`${method} ${path}`] = entry;
    entry[which === 'request' ? 0 : 1] = value;
  }
  return sizes;
}

const sum = (found: Record<string, number>, name: string): number =>
  Object.entries(found).reduce((all, [sample, value]) => all + (sample.startsWith(`${name}{`) ? value : 0), 0);

describe.each(NODE_VERSIONS)('on Node %s, the bytes of bodies', (version) => {
  it.each(['http', 'https'])('over %s are those that were sent, for each way to send them', async (scheme) => {
    const { app, ports } = await start(version);
    const port = ports[scheme === 'http' ? 0 : 1];
    const agent = new (scheme === 'http' ? HttpAgent : HttpsAgent)({ keepAlive: true, maxSockets: 1 });
    await ask(agent, port, '/text');
    await ask(agent, port, '/text', { method: 'HEAD' });
    await ask(agent, port, '/pieces');
    await ask(agent, port, '/gzip');
    await ask(agent, port, '/empty');
    await ask(agent, port, '/cached');
    await ask(agent, port, '/echo', { method: 'POST', body: 'z'.repeat(300) });
    await ask(agent, port, '/echo', { method: 'PUT', body: ['a'.repeat(1_000), 'b'.repeat(2_000)] });
    await ask(agent, port, '/unread', {
      method: 'POST',
      body: 'z'.repeat(300),
      headers: { expect: '100-continue', 'content-length': 300 },
    });
    await ask(agent, port, '/cut');
    agent.destroy();
    expect(await readSizes(app, 10)).toEqual({
      'GET /text': [0, 1_000],
      'HEAD /text': [0, 0],
      'GET /pieces': [0, FRAMED_PIECES],
      'GET /gzip': [0, GZIP_BYTES],
      'GET /empty': [0, 0],
      'GET /cached': [0, 0],
      'POST /echo': [300, 3],
      // The framing of chunks counts: 3e8, 7d0 and 0, each with two ends of a line.
      'PUT /echo': [1_000 + 2_000 + 2 * (3 + 4) + 5, 4],
      'POST /unread': [300, 2],
      'GET /cut': [0, 2_000],
    });
  });

  it('over HTTP/2 are those of the bodies, without frames', async () => {
    const { app, ports } = await start(version);
    const session = await openSession(`http://127.0.0.1:${ports[2]}`);
    await askHttp2(session, { ':path': '/text' });
    await askHttp2(session, { ':path': '/text', ':method': 'HEAD' });
    await askHttp2(session, { ':path': '/pieces' });
    await askHttp2(session, { ':path': '/empty' });
    await askHttp2(session, { ':path': '/echo', ':method': 'POST' }, 'z'.repeat(70_000));
    await askHttp2(session, { ':path': '/cut' });
    expect(await readSizes(app, 6)).toEqual({
      'GET /text': [0, 1_000],
      'HEAD /text': [0, 0],
      'GET /pieces': [0, 1_000],
      'GET /empty': [0, 0],
      'POST /echo': [70_000, 5],
      'GET /cut': [0, 2_000],
    });
  });
});

it('counts pipelined responses apart, and what an aborted request has sent', async () => {
  const { app, ports } = await start(NODE_VERSIONS[0]);
  const socket = connect(ports[0], '127.0.0.1').resume();
  socket.write(['/text', '/pieces', '/text'].map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`).join(''));
  await readSizes(app, 3);
  socket.write('POST /aborted HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\n\r\n');
  socket.end('z'.repeat(700));
  await once(socket, 'close');
  expect(await readSizes(app, 4)).toEqual({
    'GET /text': [0, 2_000],
    'GET /pieces': [0, FRAMED_PIECES],
    'POST unmatched': [700, 0],
  });
});

it('has no metric of sizes unless asked, and the semconv names and units where those are asked for', async () => {
  const off = await start(NODE_VERSIONS[0], { APM_SIZES: 'false' });
  await (await fetch(`http://127.0.0.1:${off.ports[0]}/text`)).text();
  const plain = await until(
    async () => (await fetch(await off.app.metricsUrl())).text(),
    (text) => text.includes('http_requests_total{'),
  );
  expect(plain).not.toContain('size');

  const { app, ports } = await start(NODE_VERSIONS[0], { APM_METRIC_NAMES: 'semconv' });
  await (await fetch(`http://127.0.0.1:${ports[0]}/text`)).text();
  const text = await until(
    async () => (await fetch(await app.metricsUrl())).text(),
    (found) => found.includes('http_server_response_body_size_bytes_count'),
  );
  expect(
    text.split('\n').filter((line) => /response_body_size_bytes_(sum|count|bucket.*le="(500|1000|\+Inf)")/.test(line)),
  ).toEqual([
    'http_server_response_body_size_bytes_bucket{http_route="/text",http_request_method="GET",url_scheme="http",le="500"} 0',
    'http_server_response_body_size_bytes_bucket{http_route="/text",http_request_method="GET",url_scheme="http",le="1000"} 1',
    'http_server_response_body_size_bytes_bucket{http_route="/text",http_request_method="GET",url_scheme="http",le="+Inf"} 1',
    'http_server_response_body_size_bytes_sum{http_route="/text",http_request_method="GET",url_scheme="http"} 1000',
    'http_server_response_body_size_bytes_count{http_route="/text",http_request_method="GET",url_scheme="http"} 1',
  ]);
});
