import { connect } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { type App, startApp } from '../support/app.ts';
import { Client } from '../support/client.ts';
import { labels, samples } from '../support/exposition.ts';
import { ask, openSession } from '../support/http2.ts';
import { NODE_VERSIONS, node } from '../support/nodes.ts';
import { waitForRequests } from '../support/outcome.ts';

const REQUESTS = 200;
const numbers = Array.from({ length: REQUESTS }, (_, i) => i);

/** Ways that read the body of their request. */
const WITH_BODY = ['body', 'data', 'iteration', 'readable', 'pipe', 'late'];
const OVER_HTTP2 = [...WITH_BODY, 'sync', 'timer'];
const BODY = 'text'.repeat(5_000);

/** Sends the requests interleaved on a few connections, with others between them that are not measured. */
async function sendByHttp1(port: number, ways: readonly string[]): Promise<void> {
  const client = new Client(20);
  onTestFinished(() => client.close());
  const send = async (way: string, i: number) => {
    const hasBody = WITH_BODY.includes(way);
    const line = `POST /r/${i}?way=${way}`;
    expect([line, await client.send(port, { line, ...(hasBody && { body: BODY }) })]).toEqual([line, 200]);
    if (i % 10 === 0) await client.send(port, 'GET /ignored');
  };
  await Promise.all(numbers.flatMap((i) => ways.map((way) => send(way, i))));
}

/** The same as streams of one session. */
async function sendByHttp2(port: number, ways: readonly string[]): Promise<void> {
  const session = await openSession(`http://127.0.0.1:${port}`);
  const send = async (way: string, i: number) => {
    const hasBody = WITH_BODY.includes(way);
    const headers = { ':path': `/r/${i}?way=${way}`, ':method': 'POST' };
    expect([way, (await ask(session, headers, hasBody ? BODY : undefined)).status]).toEqual([way, 200]);
    if (i % 10 === 0) await ask(session, { ':path': '/ignored' });
  };
  // A server takes a hundred at the same time.
  for (let first = 0; first < REQUESTS; first += 25) {
    await Promise.all(numbers.slice(first, first + 25).flatMap((i) => ways.map((way) => send(way, i))));
  }
}

/** Ten requests at once on each connection: the next one arrives before the first is answered. */
async function sendPipelined(port: number, way: string): Promise<void> {
  const sendTen = (first: number) =>
    new Promise<void>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1').on('error', reject).setEncoding('latin1');
      let text = '';
      socket.on('data', (data) => {
        text += data;
        if (text.split('HTTP/1.1 200').length > 10) resolve(void socket.destroy());
      });
      const request = (i: number) => `POST /r/${i}?way=${way} HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\ntext`;
      socket.write(
        numbers
          .slice(first, first + 10)
          .map(request)
          .join(''),
      );
    });
  await Promise.all(Array.from({ length: REQUESTS / 10 }, (_, i) => sendTen(10 * i)));
}

/** What the requests with each number spent their time on, except for code and what is not seen. */
function readCalled(text: string): Record<string, string[]> {
  const called: Record<string, Set<string>> = {};
  for (const sample of Object.keys(samples(text))) {
    if (!sample.startsWith('http_time_spent_seconds_total{')) continue;
    const { path = '', on = '' } = labels(sample);
    called[path] ??= new Set();
    if (on !== 'code' && on !== 'unseen') called[path].add(on);
  }
  return Object.fromEntries(Object.entries(called).map(([path, all]) => [path, [...all].sort()]));
}

async function start(file: string, nodeVersion?: string): Promise<{ app: App; ways: string[]; backend: string }> {
  const app = await startApp(`test/apps/context/${file}`, {
    env: {
      APM_CONTEXT: 'true',
      APM_MAX_PATHS: '10000',
      APM_ROUTES: numbers.map((i) => `/r/${i}`).join(),
      APM_IGNORE_PATHS: '/,/ignored',
      APM_SLOW: '1000',
    },
    ...(nodeVersion !== undefined && { node: node(nodeVersion) }),
  });
  const [, backend = '', ways = ''] = await app.waitForOutput(/backend (\d+), ways (\S+)/);
  return { app, backend, ways: ways.split(',') };
}

const CASES = [
  ...NODE_VERSIONS.map((version) => [`on Node ${version}`, 'app.mjs', version] as const),
  ['in a thread', 'thread.mjs', undefined] as const,
];

it.each(CASES)(
  'knows each of 200 interleaved requests by the calls that it made, and by no others: %s',
  async (_, file, version) => {
    const { app, ways, backend } = await start(file, version);
    const [, http2 = ''] = await app.waitForOutput(/http2 (\d+)/);
    await new Client(1).send(app.port, 'GET /interval');
    await sendByHttp1(app.port, ways);
    await sendByHttp2(Number(http2), OVER_HTTP2);
    for (const way of ['body', 'timer', 'sync']) await sendPipelined(app.port, way);
    await waitForRequests(app, REQUESTS * (ways.length + OVER_HTTP2.length + 3) + 1);
    const expected = numbers.map((i) => {
      const addresses = ways.map((__, way) => `127.${way + 1}.${i}.1:${backend}`);
      return [`/r/${i}`, addresses.sort()];
    });
    const { '/interval': outside, ...called } = readCalled(await app.scrape());
    expect(called).toEqual(Object.fromEntries(expected));
    expect(outside).toEqual([]);
  },
);
