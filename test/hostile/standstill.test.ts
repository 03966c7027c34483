import { spawn } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { get } from '../expose/get.ts';
import { App, metricsAt, register, root, startApp } from '../support/app.ts';
import { requests, samples, until } from '../support/exposition.ts';
import { active, waitForRequests } from '../support/outcome.ts';
import { Wire } from '../support/wire.ts';

const DESCRIPTORS = 60;
const APP = 'test/apps/hostile/blocking.mjs';

it('answers scrapes correctly after the event loop was blocked, loses no request, and durations include the block', async () => {
  const app = await startApp(APP, { env: { APM_BUCKETS: '1.9' } });
  const url = await app.metricsUrl();
  await get(app.url('/users/1'));
  const before = await Promise.all(Array.from({ length: 20 }, () => Wire.open(app.port)));
  const blocking = get(app.url('/block/2000'));
  await app.waitForOutput(/^blocked$/m);
  for (const wire of before) wire.send('GET /users/2 HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n');
  const scrapes = Array.from({ length: 100 }, () => get(url));
  const arrivals = Array.from({ length: 20 }, () => get(app.url('/users/3')));
  expect((await blocking).text).toBe('ok');
  for (const { status, text } of await Promise.all(scrapes)) {
    expect(status).toBe(200);
    expect(samples(text)['http_duration_bucket{path="/block/:id",method="GET",le="1.9"}']).toBe(0);
    expect(samples(text)['http_duration_count{path="/block/:id",method="GET"}']).toBe(1);
  }
  for (const { text } of await Promise.all(arrivals)) expect(text).toBe('ok');
  await Promise.all(before.map(({ closed }) => closed));
  expect(await waitForRequests(app, 42)).toEqual({ 'GET /users/:id 200': 41, 'GET /block/:id 200': 1 });
  expect(app.stderr).toBe(`[@org/apm] ${metricsAt(url)}\n`);
});

/** Starts the app in a shell that limits its file descriptors. `flags` add the preload. */
async function startWithDescriptorLimit(descriptors: number, flags: string[]): Promise<App> {
  const command = `ulimit -n ${descriptors}; exec "$0" "$@"`;
  const child = spawn('/bin/sh', ['-c', command, process.execPath, ...flags, APP], {
    cwd: root,
    env: { PATH: process.env.PATH ?? '', OTEL_EXPORTER_PROMETHEUS_PORT: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const app = new App(child);
  onTestFinished(() => app.kill());
  await app.waitForOutput(app.ready);
  return app;
}

/** Opens more connections to a port than there are descriptors. Waits until each is answered or dropped. */
async function openManyConnections(port: number): Promise<{ answered: number; close(): void }> {
  let answered = 0;
  const done = new Set<Socket>();
  const sockets = Array.from({ length: 100 }, () => {
    const socket = connect(port, 'localhost').on('error', () => {});
    socket.write('GET /metrics HTTP/1.1\r\nHost: test\r\n\r\n');
    socket.once('data', (data) => {
      if (String(data).startsWith('HTTP/1.1 200')) answered++;
      done.add(socket);
    });
    socket.on('close', () => done.add(socket));
    return socket;
  });
  const close = () => {
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(close);
  // On some systems, a connection without a descriptor waits instead of being dropped: go on without it.
  await until(
    () => done.size,
    (count) => count === sockets.length,
    2,
  ).catch(() => {});
  return { answered, close };
}

it.skipIf(process.platform === 'win32')(
  'an app without free file descriptors answers as without us, and is scraped again once descriptors are free',
  async () => {
    const bare = await startWithDescriptorLimit(DESCRIPTORS, []);
    const without = await openManyConnections(bare.port);
    expect(without.answered).toBeGreaterThan(10);
    expect(without.answered).toBeLessThan(DESCRIPTORS);
    expect(bare.child.exitCode).toBeNull();

    const app = await startWithDescriptorLimit(DESCRIPTORS, ['--import', register]);
    const url = await app.metricsUrl();
    await get(url);
    const { answered, close } = await openManyConnections(app.port);
    // The metrics server takes one or two descriptors.
    expect(answered).toBeGreaterThanOrEqual(without.answered - 2);
    const scrapers = await openManyConnections(Number(new URL(url).port));
    expect(scrapers.answered).toBeLessThan(DESCRIPTORS - answered);
    close();
    scrapers.close();
    const text = await until(
      () => get(url).then((answer) => answer.text, String),
      (scrape) => scrape.startsWith('# HELP') && active(scrape) === 0,
    );
    const total = Object.values(requests(text)).reduce((sum, count) => sum + count, 0);
    expect(total).toBeGreaterThanOrEqual(answered);
    expect((await get(app.url('/users/2'))).text).toBe('ok');
    expect(app.child.exitCode).toBeNull();
    const lines = app.stderr.split('\n').filter((line) => line.startsWith('[@org/apm]'));
    expect(lines[0]).toBe(`[@org/apm] ${metricsAt(url)}`);
    expect(lines.length).toBeLessThanOrEqual(2);
  },
);
