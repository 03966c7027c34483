import { Agent } from 'node:http';
import { connect, type Socket } from 'node:net';
import { expect, onTestFinished } from 'vitest';
import { get } from '../expose/get.ts';
import { type App, register, startApp } from '../support/app.ts';

/** Starts an app with 250 series of 21 lines each: its exposition is larger than 1 MB. */
export async function startAppOfManySeries(flags: string[] = []): Promise<{ app: App; url: string; whole: string }> {
  const paths = Array.from({ length: 250 }, (_, i) => `/${String(i).padEnd(200, 'x')}`);
  const app = await startApp('test/apps/hostile/blocking.mjs', {
    env: { APM_ROUTES: paths.join(',') },
    flags: ['--import', register, ...flags],
  });
  const agent = new Agent({ keepAlive: true, maxSockets: 20 });
  await Promise.all(paths.map((path) => get(app.url(path), { agent })));
  agent.destroy();
  const url = await app.metricsUrl();
  const { text: whole } = await get(url);
  expect(whole.length).toBeGreaterThan(1_000_000);
  return { app, url, whole };
}

/** Opens a connection that sends `text`, then reads one byte of the answer per second. */
export function openSlowReader(port: number, text: string): Socket {
  const socket = connect({
    port,
    host: 'localhost',
    onread: { buffer: Buffer.alloc(1), callback: () => false },
  });
  socket.on('error', () => {});
  socket.write(text);

  const reading = setInterval(() => {
    socket.resume();
    // It reads too slowly to reach the end of the stream. A write shows that the other side has disconnected.
    if (socket.writable) socket.write('\r\n');
  }, 1000);
  socket.on('close', () => clearInterval(reading));
  onTestFinished(() => void socket.destroy());
  return socket;
}
