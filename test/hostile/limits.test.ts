import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { scrapeHandler } from '../../src/expose/scrape/handler.ts';
import { serveMetrics } from '../../src/expose/scrape/server.ts';
import { get } from '../expose/get.ts';
import { metricsAt, startApp } from '../support/app.ts';
import { until } from '../support/exposition.ts';
import { Wire } from '../support/wire.ts';
import { openSlowReader, startAppOfManySeries } from './support.ts';

// What is ours takes Node's timers past whoever fakes the global ones, as a test of an app does; here it is us who do.
vi.mock('node:timers', async (original) => ({
  ...(await original<typeof import('node:timers')>()),
  setTimeout: (run: () => void, milliseconds: number) => globalThis.setTimeout(run, milliseconds),
  clearTimeout: (timer: NodeJS.Timeout) => globalThis.clearTimeout(timer),
}));

/** By then whoever is to be left is left: twice as long as it takes, and less than without these limits. */
const TEST_TIMEOUT_MS = 25_000;
const MANY = 'test/apps/hostile/many.mjs';
const GET = 'GET /metrics HTTP/1.1\r\nHost: test\r\n\r\n';
const portOf = (url: string) => Number(new URL(url).port);

/** What the other side still has of clients: descriptors of their connections that are open. */
const isOpen = (wire: Wire) => !wire.socket.closed;

it('a header over 8 KiB is refused with 431, by its name or its value or its number', async () => {
  const app = await startApp(MANY);
  const url = await app.metricsUrl();
  const big = 'x'.repeat(8 * 1024);
  const many = 'a: b\r\n'.repeat(5000);
  for (const header of [`a: ${big}`, `${big}: a`, `${many}b: c`, `Authorization: Bearer ${big}`]) {
    const wire = await Wire.open(portOf(url));
    wire.send(`GET /metrics HTTP/1.1\r\nHost: test\r\n${header}\r\n\r\n`);
    await wire.closed;
    expect(wire.received).toMatch(/^HTTP\/1\.1 431 /);
  }
  const wire = await Wire.open(portOf(url));
  wire.send(`GET /${big} HTTP/1.1\r\nHost: test\r\n\r\n`);
  await wire.closed;
  expect(wire.received).toMatch(/^HTTP\/1\.1 431 /);
  expect((await get(url, { headers: { a: 'x'.repeat(7 * 1024) } })).status).toBe(200);
  expect(app.stderr).toBe(`[@org/apm] ${metricsAt(url)}\n`);
});

it(
  'over 200 connections are dropped; the idle make room, and whoever says nothing is left',
  async () => {
    const app = await startApp(MANY);
    const url = await app.metricsUrl();
    const idle = await Promise.all(Array.from({ length: 150 }, () => Wire.open(portOf(url))));
    for (const wire of idle) wire.send(GET);
    await Promise.all(idle.map((wire) => wire.waitForData(/HTTP\/1\.1 200 [\s\S]*target_info\{/)));
    const silent = await Promise.all(Array.from({ length: 50 }, () => Wire.open(portOf(url))));
    // One more is dropped; then there is room.
    const dropped = await Wire.open(portOf(url));
    await dropped.closed;
    expect(dropped.received).toBe('');
    await Promise.all(idle.map(({ closed }) => closed));
    expect((await get(url)).status).toBe(200);
    expect(silent.filter(isOpen).length).toBe(50);

    // Those who have sent nothing yet are as many as there may be, and time out.
    const more = await Promise.all(Array.from({ length: 200 }, () => Wire.open(portOf(url))));
    const refused = await until(
      () => more.filter((wire) => !isOpen(wire)),
      ({ length }) => length >= 49,
    );
    expect(refused.every(({ received }) => received === '')).toBe(true);
    await Promise.all([...silent, ...more].map(({ closed }) => closed));
    expect(silent.every(({ received }) => received.startsWith('HTTP/1.1 408 '))).toBe(true);
    expect((await get(url)).status).toBe(200);
    expect(app.stderr).toBe(`[@org/apm] ${metricsAt(url)}\n`);
  },
  TEST_TIMEOUT_MS,
);

/** Requests that never end, by how: the first part, and what is sent of the rest ten times a second. */
const ENDLESS: Record<string, [string, string]> = {
  'says nothing more': ['GET /metrics HTT', ''],
  'sends its header byte by byte': ['GET /metrics HTTP/1.1\r\nHost: test\r\nx: ', 'x'],
  'sends its header line by line': ['GET /metrics HTTP/1.1\r\nHost: test\r\n', 'x: y\r\n'],
  'sends empty lines before it': ['', '\r\n'],
  'sends its body byte by byte': ['GET /metrics HTTP/1.1\r\nHost: test\r\nContent-Length: 1000000\r\n\r\n', 'x'],
  'sends its body chunk by chunk': [
    'POST /metrics HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n',
    '1\r\nx\r\n',
  ],
};

it(
  'a request that never ends, and a reader of a byte a second, are left; others are answered meanwhile',
  async () => {
    const { app, url, whole } = await startAppOfManySeries(['--expose-gc']);
    const memory = async () => {
      app.child.send('memory');
      return (await once(app.child, 'message'))[0] as number;
    };
    const before = await memory();
    // Each would be given 20 MB, if it took them.
    const slow = Array.from({ length: 50 }, () => openSlowReader(portOf(url), GET.repeat(20)));
    const gone = Promise.all(slow.map((socket) => new Promise((resolve) => socket.on('close', resolve))));
    const endless = await Promise.all(
      Object.values(ENDLESS).map(async ([first, rest]) => {
        const wire = await Wire.open(portOf(url));
        if (first) wire.send(first);
        const sending = setInterval(() => rest && wire.socket.writable && wire.send(rest), 100);
        onTestFinished(() => clearInterval(sending));
        return wire;
      }),
    );

    // Sixteen texts are kept, and not one for each.
    await until(
      () => slow.every(({ bytesRead, destroyed }) => bytesRead > 0 || destroyed),
      (all) => all,
    );
    await until(memory, (now) => now - before < 20 * whole.length, 5);
    const answers = await Promise.all(Array.from({ length: 100 }, () => get(url)));
    for (const { text } of answers) expect(text === whole).toBe(true);

    await Promise.all(endless.map(({ closed }) => closed));
    expect((await get(url)).text === whole).toBe(true);
    await gone;
    await until(memory, (now) => now - before < 8e6);
    expect((await get(url)).text === whole).toBe(true);
    expect(app.stderr).toBe(`[@org/apm] ${metricsAt(url)}\n`);
  },
  TEST_TIMEOUT_MS,
);

it('whoever reads on, but too slowly, is left after 10 s', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const piece = Buffer.alloc(16 * 1024, 'x');
  let pieces = Array.from({ length: 100 }, () => piece);
  const server = createServer(scrapeHandler(async () => ({ pieces, acknowledge() {} }), undefined)).listen(
    0,
    '127.0.0.1',
  );
  await once(server, 'listening');
  onTestFinished(() => void server.close().closeAllConnections());
  const { port } = server.address() as AddressInfo;

  for (const encoding of ['identity', 'gzip']) {
    // In time.
    const answer = await get(`http://127.0.0.1:${port}/`, { headers: { 'Accept-Encoding': encoding } });
    expect(answer.status).toBe(200);
  }
  expect(vi.getTimerCount()).toBe(0);

  // More than the system keeps for a connection, however it is set: what is kept arrives all the same.
  pieces = Array.from({ length: 16_384 }, () => piece);
  const socket = connect(port, '127.0.0.1').on('error', () => {});
  socket.write(GET);
  await once(socket, 'readable');
  expect(vi.getTimerCount()).toBe(1);
  vi.advanceTimersByTime(9_999);
  expect(socket.read()).not.toBeNull();
  await once(socket, 'readable');
  vi.advanceTimersByTime(1);
  socket.resume();
  await once(socket, 'close');
  expect(socket.bytesRead).toBeLessThan(16_384 * piece.length);
  expect(vi.getTimerCount()).toBe(0);
});

it('scrapes that are pipelined are answered one after another, each whole', async () => {
  const { url, whole } = await startAppOfManySeries();
  const wire = await Wire.open(portOf(url));
  const HEAD = GET.replace('GET', 'HEAD');
  const POST = 'POST /metrics HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\nhello';
  const all = [
    GET,
    HEAD,
    GET,
    POST,
    GET.replace('/metrics', '/status'),
    GET.replace('Host', 'Connection: close\r\nHost'),
  ];
  const text = all.join('');
  // Cut wherever it may be.
  wire.send(text.slice(0, 61));
  await new Promise((resolve) => setImmediate(resolve));
  wire.send(text.slice(61));
  await wire.closed;
  const parts = wire.received.split(/(?=HTTP\/1\.1 \d{3} )/);
  const answers = parts.map((part) => ({
    status: Number(part.slice(9, 12)),
    body: part.slice(part.indexOf('\r\n\r\n') + 4),
  }));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 405, 200, 200]);
  for (const i of [0, 2, 5]) expect(answers[i]?.body === whole).toBe(true);
  expect(answers[1]?.body).toBe('');
  expect(JSON.parse(answers[4]?.body ?? '')).toMatchObject({ format: 1 });
});

it('what goes wrong with accepting is said once, not as a port that cannot be had, and scrapes go on', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  onTestFinished(() => void said.mockRestore());
  let server: object | undefined;
  const metrics = await serveMetrics(
    (_, response) => void response.end('metrics'),
    'localhost',
    0,
    (own) => {
      server = own;
    },
  );
  if (metrics instanceof Error) throw metrics;
  onTestFinished(() => metrics.close());
  for (let i = 0; i < 3; i++) (server as Server).emit('error', new Error('accept EMFILE'));
  expect((await get(`${metrics.address}/metrics`)).text).toBe('metrics');
  expect(said.mock.calls.map(([line]) => String(line).split('\n')[0])).toEqual([
    '[@org/apm] failed to accept a scraper; the application is not affected: Error: accept EMFILE',
  ]);
});
