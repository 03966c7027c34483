import { Agent } from 'node:http';
import { connect, type Socket } from 'node:net';
import { expect, onTestFinished } from 'vitest';
import { get } from '../expose/get.ts';
import { type App, register, startApp } from '../support/app.ts';

/** An app with 250 series of 21 lines each, a good megabyte. */
export async function startAppOfManySeries(flags: string[] = []): Promise<{ app: App; url: string; whole: string }> {
  const paths = Array.from({ length: 250 }, (_, i) => `/${String(i).padEnd(200, 'x')}`);
  const app = await startApp('test/apps/hostile/many.mjs', {
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

/** A connection to a port that reads a byte each second, of what it was sent after `text`. */
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
    // It does not come to read that the other side has left; this tells.
    if (socket.writable) socket.write('\r\n');
  }, 1000);
  socket.on('close', () => clearInterval(reading));
  onTestFinished(() => void socket.destroy());
  return socket;
}
