import { describe, expect, it } from 'vitest';
import { type App, startApp } from '../support/app.ts';
import { requests, samples, until } from '../support/exposition.ts';
import { NODE_VERSIONS, node } from '../support/nodes.ts';
import { Raw } from '../support/raw.ts';

const FILE = 'test/apps/requests/http1.mjs';
const HOST = 'Host: test';

const total = (counted: Record<string, number>) => Object.values(counted).reduce((sum, count) => sum + count, 0);

/** What was counted once so many requests were, with none left under way; a request too many would show as one more. */
async function counted(app: App, count: number): Promise<Record<string, number>> {
  const text = await until(
    () => app.scrape(),
    (scrape) => total(requests(scrape)) >= count && samples(scrape)['http_active_requests{method="GET"}'] === 0,
  );
  return requests(text);
}

describe.each(NODE_VERSIONS)('on Node %s', (version) => {
  const start = (env: Record<string, string> = {}) => startApp(FILE, { node: node(version), env });

  it('counts each answer once, with the status that was sent', async () => {
    const app = await start();
    const paths = ['/ok', '/ok?secret=1', '/empty', '/unchanged', '/twice', '/early', '/nowhere'];
    for (const path of paths) await (await fetch(app.url(path))).text();
    await (await fetch(app.url('/ok'), { method: 'HEAD' })).text();
    await (await fetch(app.url('/unread'), { method: 'POST', body: 'x'.repeat(100_000) })).text();
    const unusual = new Raw(app.port).send('PURGE /ok HTTP/1.1', HOST, 'Connection: close');
    await unusual.end();
    const waiting = new Raw(app.port).send('POST /body HTTP/1.1', HOST, 'Expect: 100-continue', 'Content-Length: 4');
    await waiting.got('100 Continue');
    waiting.socket.write('body');
    await waiting.got('read');
    waiting.leave();
    expect(await counted(app, 11)).toEqual({
      'GET /ok 200': 2,
      'GET /empty 204': 1,
      'GET /unchanged 304': 1,
      'GET /twice 200': 1,
      'GET /early 201': 1,
      'GET unmatched 404': 1,
      'HEAD /ok 200': 1,
      'POST unmatched 413': 1,
      '_OTHER /ok 200': 1,
      'POST /body 200': 1,
    });
  });

  it('counts every request of one connection: kept alive, and pipelined', async () => {
    const app = await start();
    const connection = new Raw(app.port);
    connection.send('GET /ok HTTP/1.1', HOST);
    await connection.got('ok');
    connection.send(
      ...['/ok', '/empty', '/nowhere'].flatMap((path) => [`GET ${path} HTTP/1.1`, HOST, '']).slice(0, -1),
    );
    await connection.got('404 Not Found');
    expect(await counted(app, 4)).toEqual({ 'GET /ok 200': 2, 'GET /empty 204': 1, 'GET unmatched 404': 1 });
    connection.leave();
  });

  it('counts a client that left: 499 before any header, else the status that was sent', async () => {
    const app = await start();
    const early = new Raw(app.port).send('GET /never HTTP/1.1', HOST);
    await until(
      () => app.scrape(),
      (text) => samples(text)['http_active_requests{method="GET"}'] === 1,
    );
    early.leave();
    const late = new Raw(app.port).send('GET /half HTTP/1.1', HOST);
    await late.got('half');
    late.leave();
    expect(await counted(app, 2)).toEqual({ 'GET unmatched 499': 1, 'GET /half 200': 1 });
  });

  it('counts requests that wait behind a hanging one, when their client leaves', async () => {
    const app = await start();
    const behind = Array.from({ length: 15 }, () => ['GET /ok HTTP/1.1', HOST, '']).flat();
    const connection = new Raw(app.port).send('GET /never HTTP/1.1', HOST, '', ...behind.slice(0, -1));
    await until(
      () => app.scrape(),
      (text) => samples(text)['http_active_requests{method="GET"}'] === 16,
    );
    connection.leave();
    // The handler has answered those, but the client was gone before any of it was sent.
    expect(await counted(app, 16)).toEqual({ 'GET unmatched 499': 16 });
    expect(app.stderr).not.toContain('MaxListenersExceededWarning');
  });

  it('counts what a handler broke off once, without a status that was never sent', async () => {
    const app = await start();
    for (const path of ['/destroyed', '/cut', '/reset']) {
      await new Raw(app.port).send(`GET ${path} HTTP/1.1`, HOST).end();
    }
    const thrown = new Raw(app.port).send('GET /thrown HTTP/1.1', HOST);
    await until(
      () => app.scrape(),
      (text) => samples(text)['http_active_requests{method="GET"}'] === 1,
    );
    thrown.leave();
    expect(await counted(app, 4)).toEqual({ 'GET unmatched 499': 4 });
  });

  it('counts what Node answered for the app with the status Node sent', async () => {
    const app = await start();
    const slow = new Raw(app.port).send('POST /body HTTP/1.1', HOST, 'Content-Length: 10');
    await slow.got('408 Request Timeout');
    const garbled = new Raw(app.port).send('POST /body HTTP/1.1', HOST, 'Transfer-Encoding: chunked', '', 'nonsense');
    await garbled.got('400 Bad Request');
    const text = await until(
      () => app.scrape(),
      (scrape) => total(requests(scrape)) >= 2 && samples(scrape)['http_active_requests{method="POST"}'] === 0,
    );
    expect(requests(text)).toEqual({ 'POST unmatched 408': 1, 'POST unmatched 400': 1 });
  });

  it('counts event streams, and takes no duration of them', async () => {
    const app = await start();
    for (const path of ['/events', '/events-by-head', '/ok']) await (await fetch(app.url(path))).text();
    expect(await counted(app, 3)).toEqual({ 'GET /events 200': 1, 'GET /events-by-head 200': 1, 'GET /ok 200': 1 });
    const timed = Object.entries(samples(await app.scrape())).filter(([name]) =>
      name.startsWith('http_duration_count'),
    );
    expect(timed).toEqual([['http_duration_count{path="/ok",method="GET"}', 1]]);
  });

  it('does not count what is no request: malformed ones, upgrades with a listener, CONNECT', async () => {
    const app = await start({ UPGRADES: 'true' });
    await new Raw(app.port).send('GET').end();
    await new Raw(app.port).send('NONSENSE / HTTP/1.1', HOST).end();
    await new Raw(app.port).send('CONNECT example.org:443 HTTP/1.1', HOST).end();
    await new Raw(app.port).send('GET /socket HTTP/1.1', HOST, 'Connection: Upgrade', 'Upgrade: websocket').end();
    await (await fetch(app.url('/ok'))).text();
    expect(await counted(app, 1)).toEqual({ 'GET /ok 200': 1 });
  });

  it('counts an upgrade nobody listens for as the request it then is', async () => {
    const app = await start();
    const upgrade = new Raw(app.port).send('GET /ok HTTP/1.1', HOST, 'Connection: Upgrade', 'Upgrade: websocket');
    await upgrade.got('200 OK');
    upgrade.leave();
    expect(await counted(app, 1)).toEqual({ 'GET /ok 200': 1 });
  });
});
