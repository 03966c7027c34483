import { connect, constants, type OutgoingHttpHeaders } from 'node:http2';
import { request as request1 } from 'node:https';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type App, startApp } from '../support/app.ts';
import { requests, samples, until } from '../support/exposition.ts';
import { NODE_VERSIONS, node } from '../support/nodes.ts';
import { root } from '../support/root.ts';

/** Made for the tests, for localhost, and good for nothing else. */
const tls = join(root, 'test/support/tls');
const env = { KEY: join(tls, 'key.pem'), CERT: join(tls, 'cert.pem') };

const total = (counted: Record<string, number>) => Object.values(counted).reduce((sum, count) => sum + count, 0);

async function counted(app: App, count: number): Promise<Record<string, number>> {
  const text = await until(
    () => app.scrape(),
    (scrape) => total(requests(scrape)) >= count && samples(scrape)['http_active_requests{method="GET"}'] === 0,
  );
  return requests(text);
}

/** Sends requests over one HTTP/2 connection, one after the other. */
async function send(url: string, ...paths: (string | OutgoingHttpHeaders)[]): Promise<void> {
  const session = connect(url, { rejectUnauthorized: false });
  session.on('error', () => {}).on('stream', (pushed) => pushed.on('error', () => {}).resume());
  for (const path of paths) {
    const headers = typeof path === 'string' ? { ':path': path } : path;
    const stream = session.request(headers);
    stream.on('error', () => {});
    await new Promise<void>((resolve) =>
      stream
        .on('close', resolve)
        .on('end', () => stream.close())
        .resume(),
    );
  }
  await new Promise<void>((resolve) => session.close(resolve));
}

/** Resets a stream, once it has had an answer if `answered`. */
async function reset(url: string, path: string, app: App, answered: boolean): Promise<void> {
  const session = connect(url);
  const stream = session.request({ ':path': path });
  stream.on('error', () => {});
  if (answered) await new Promise((resolve) => stream.once('data', resolve));
  else
    await until(
      () => app.scrape(),
      (text) => samples(text)['http_active_requests{method="GET"}'] === 1,
    );
  stream.close(constants.NGHTTP2_CANCEL);
  await new Promise<void>((resolve) => stream.on('close', resolve).resume());
  await new Promise<void>((resolve) => session.close(resolve));
}

describe.each(NODE_VERSIONS)('on Node %s', (version) => {
  const start = async () => {
    const app = await startApp('test/apps/requests/secure.mjs', { node: node(version), env });
    const [line] = await app.said(/^http=.*$/m);
    const ports = Object.fromEntries(line.split(' ').map((pair) => pair.split('=') as [string, string]));
    return { app, ports };
  };

  it('counts the requests of every kind of server in one process', async () => {
    const { app, ports } = await start();
    await (await fetch(app.url('/ok'))).text();
    for (const port of [ports.https, ports.secure]) {
      await new Promise<void>((resolve, reject) => {
        const options = { port, path: '/ok', rejectUnauthorized: false, agent: false };
        request1(options, (response) => response.resume().on('close', resolve))
          .on('error', reject)
          .end();
      });
    }
    await send(`http://localhost:${ports.http2}`, '/ok', '/nowhere', '/hints', '/users/1?secret=1', '/users/2');
    await send(`http://localhost:${ports.compat}`, '/ok', '/nowhere', { ':path': '/ok', ':method': 'HEAD' });
    await send(`https://localhost:${ports.secure}`, '/ok', { ':path': '/ok', ':method': 'BREW' });
    expect(await counted(app, 13)).toEqual({
      'GET /ok 200': 6,
      'GET unmatched 404': 2,
      'GET /hints 200': 1,
      'GET /users/:id 200': 2,
      'HEAD /ok 200': 1,
      '_OTHER /ok 200': 1,
    });
  });

  it('counts a stream that was reset: 499 before any header, else the status that was sent', async () => {
    const { app, ports } = await start();
    await reset(`http://localhost:${ports.http2}`, '/never', app, false);
    await reset(`http://localhost:${ports.http2}`, '/half', app, true);
    await reset(`http://localhost:${ports.compat}`, '/never', app, false);
    await reset(`http://localhost:${ports.compat}`, '/half', app, true);
    expect(await counted(app, 4)).toEqual({ 'GET unmatched 499': 2, 'GET /half 206': 1, 'GET /half 200': 1 });
  });

  it('does not count what a server pushes, and takes no duration of event streams', async () => {
    const { app, ports } = await start();
    await send(`http://localhost:${ports.http2}`, '/push');
    await send(`http://localhost:${ports.compat}`, '/events');
    expect(await counted(app, 2)).toEqual({ 'GET /push 200': 1, 'GET /events 200': 1 });
    const timed = Object.keys(samples(await app.scrape())).filter((name) => name.startsWith('http_duration_count'));
    expect(timed).toEqual(['http_duration_count{path="/push",method="GET"}']);
  });
});
