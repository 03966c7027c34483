import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createScrapeHandler } from '../../src/expose/scrape/handler.ts';
import { serveMetrics } from '../../src/expose/scrape/server.ts';
import { get } from '../expose/get.ts';
import { metricsAt, startApp } from '../support/app.ts';
import { until } from '../support/exposition.ts';
import { Wire } from '../support/wire.ts';
import { openSlowReader, startAppOfManySeries } from './support.ts';

// Our code imports node:timers, which fake timers do not replace; this test routes it to the globals.
vi.mock('node:timers', async (original) => ({
  ...(await original<typeof import('node:timers')>()),
  setTimeout: (run: () => void, milliseconds: number) => globalThis.setTimeout(run, milliseconds),
  clearTimeout: (timer: NodeJS.Timeout) => globalThis.clearTimeout(timer),
}));

/** Twice as long as the limits take to disconnect a client, and shorter than the defaults of Node. */
const TEST_TIMEOUT_MS = 25_000;
const APP = 'test/apps/hostile/blocking.mjs';
const GET = 'GET /metrics HTTP/1.1\r\nHost: test\r\n\r\n';
const portOf = (url: string) => Number(new URL(url).port);

const isOpen = (wire: Wire) => !wire.socket.closed;

it('refuses a header above 8 KiB with 431: a long name, a long value, many headers, or a long path', async () => {
  const app = await startApp(APP);
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
  'drops connections above 200, and closes idle and silent ones',
  async () => {
    const app = await startApp(APP);
    const url = await app.metricsUrl();
    const idle = await Promise.all(Array.from({ length: 150 }, () => Wire.open(portOf(url))));
    for (const wire of idle) wire.send(GET);
    await Promise.all(idle.map((wire) => wire.waitForData(/HTTP\/1\.1 200 [\s\S]*target_info\{/)));
    const silent = await Promise.all(Array.from({ length: 50 }, () => Wire.open(portOf(url))));
    // The 201st connection is dropped, and the idle ones are closed to make room.
    const dropped = await Wire.open(portOf(url));
    await dropped.closed;
    expect(dropped.received).toBe('');
    await Promise.all(idle.map(({ closed }) => closed));
    expect((await get(url)).status).toBe(200);
    expect(silent.filter(isOpen).length).toBe(50);

    // Silent connections fill the limit: connections above it are dropped, and the silent ones time out.
    const more = await Promise.all(Array.from({ length: 200 }, () => Wire.open(portOf(url))));
    const closed = await until(
      () => more.filter((wire) => !isOpen(wire)),
      ({ length }) => length >= 49,
    );
    expect(closed.every(({ received }) => received === '')).toBe(true);
    await Promise.all([...silent, ...more].map(({ closed }) => closed));
    expect(silent.every(({ received }) => received.startsWith('HTTP/1.1 408 '))).toBe(true);
    expect((await get(url)).status).toBe(200);
    expect(app.stderr).toBe(`[@org/apm] ${metricsAt(url)}\n`);
  },
  TEST_TIMEOUT_MS,
);

/** Requests that never end: the first part, and the part that is sent ten times a second after it. */
const ENDLESS_REQUESTS: Record<string, [first: string, repeated: string]> = {
  'sends nothing more': ['GET /metrics HTT', ''],
  'sends its header byte by byte': ['GET /metrics HTTP/1.1\r\nHost: test\r\nx: ', 'x'],
  'sends its header line by line': ['GET /metrics HTTP/1.1\r\nHost: test\r\n', 'x: y\r\n'],
  'sends empty lines before its request': ['', '\r\n'],
  'sends its body byte by byte': ['GET /metrics HTTP/1.1\r\nHost: test\r\nContent-Length: 1000000\r\n\r\n', 'x'],
  'sends its body chunk by chunk': [
    'POST /metrics HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n',
    '1\r\nx\r\n',
  ],
};

it(
  'disconnects clients that never finish a request or read one byte per second, and answers others meanwhile',
  async () => {
    const { app, url, whole } = await startAppOfManySeries(['--expose-gc']);
    const memory = async () => {
      app.child.send('memory');
      return (await once(app.child, 'message'))[0] as number;
    };
    const before = await memory();
    // The answers to each client are 20 MB.
    const slow = Array.from({ length: 50 }, () => openSlowReader(portOf(url), GET.repeat(20)));
    const disconnected = Promise.all(slow.map((socket) => new Promise((resolve) => socket.on('close', resolve))));
    const endless = await Promise.all(
      Object.values(ENDLESS_REQUESTS).map(async ([first, repeated]) => {
        const wire = await Wire.open(portOf(url));
        if (first) wire.send(first);
        const sending = setInterval(() => repeated && wire.socket.writable && wire.send(repeated), 100);
        onTestFinished(() => clearInterval(sending));
        return wire;
      }),
    );

    // At most 16 expositions are in memory, not one for each of the 50 clients.
    await until(
      () => slow.every(({ bytesRead, destroyed }) => bytesRead > 0 || destroyed),
      (all) => all,
    );
    await until(memory, (now) => now - before < 20 * whole.length, 5);
    const answers = await Promise.all(Array.from({ length: 100 }, () => get(url)));
    for (const { text } of answers) expect(text === whole).toBe(true);

    await Promise.all(endless.map(({ closed }) => closed));
    expect((await get(url)).text === whole).toBe(true);
    await disconnected;
    await until(memory, (now) => now - before < 8e6);
    expect((await get(url)).text === whole).toBe(true);
    expect(app.stderr).toBe(`[@org/apm] ${metricsAt(url)}\n`);
  },
  TEST_TIMEOUT_MS,
);

it('disconnects a client that reads too slowly after 10 s', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  onTestFinished(() => void vi.useRealTimers());
  const piece = Buffer.alloc(16 * 1024, 'x');
  let pieces = Array.from({ length: 100 }, () => piece);
  const server = createServer(createScrapeHandler(async () => ({ pieces, acknowledge() {} }), undefined)).listen(
    0,
    '127.0.0.1',
  );
  await once(server, 'listening');
  onTestFinished(() => void server.close().closeAllConnections());
  const { port } = server.address() as AddressInfo;

  // A client that reads in time leaves no timer behind.
  for (const encoding of ['identity', 'gzip']) {
    const answer = await get(`http://127.0.0.1:${port}/`, { headers: { 'Accept-Encoding': encoding } });
    expect(answer.status).toBe(200);
  }
  expect(vi.getTimerCount()).toBe(0);

  // 256 MB are more than the buffers of any system hold: a client receives what is in them even after the disconnect.
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

it('answers pipelined scrapes in order, each of them completely', async () => {
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
  // The first packet ends in the middle of a request.
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

it('logs once that it failed to accept a connection, and goes on answering scrapes', async () => {
  const log = vi.spyOn(console, 'error').mockImplementation(() => {});
  onTestFinished(() => void log.mockRestore());
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
  expect(log.mock.calls.map(([line]) => String(line).split('\n')[0])).toEqual([
    '[@org/apm] failed to accept a scraper; the application is not affected: Error: accept EMFILE',
  ]);
});
