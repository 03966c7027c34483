import { expect, it } from 'vitest';
import { get } from '../expose/get.ts';
import { type App, startApp } from '../support/app.ts';
import { requests, samples, until } from '../support/exposition.ts';
import { ask, openSession } from '../support/http2.ts';
import { waitForInFlight, waitForRequests } from '../support/outcome.ts';

const APP = 'test/apps/requests/ignore.mjs';
const PROBE = { 'x-probe': '1' };

const start = (ignore: string) => startApp(APP, { flags: [], env: { IGNORE: ignore } });

/** Sends a GET by HTTP/1 and both APIs of HTTP/2. */
async function sendByEveryProtocol(app: App, path: string, headers: Record<string, string> = {}): Promise<void> {
  await get(app.url(path), { headers });
  const [, ...ports] = /^http2 (\d+) (\d+)$/m.exec(app.stdout) as unknown as string[];
  for (const port of ports) {
    const client = await openSession(`http://127.0.0.1:${port}`);
    expect((await ask(client, { ':path': path, ...headers })).body).toBe('hello');
  }
}

it('leaves out the requests that the function names, over HTTP/1 and HTTP/2, also while they are in flight', async () => {
  const app = await start('probes');
  const held = get(app.url('/held'), { headers: PROBE });
  await sendByEveryProtocol(app, '/health', PROBE);
  await sendByEveryProtocol(app, '/users/1');
  await waitForInFlight(app, 0);
  await get(app.url('/release'));
  expect((await held).text).toBe('released');
  expect(await waitForRequests(app, 4)).toEqual({ 'GET /users/:id 200': 3, 'GET /release 200': 1 });
  expect(app.stderr).not.toMatch(/ignore/);
});

it('calls the function once for each request, with method, url and headers', async () => {
  const app = await start('records');
  await sendByEveryProtocol(app, '/health?a=b', PROBE);
  const seen = JSON.parse((await get(app.url('/seen'))).text);
  expect(seen).toEqual([
    ['IncomingMessage', 'GET', '/health?a=b', '1'],
    ['Object', 'GET', '/health?a=b', '1'],
    ['Object', 'GET', '/health?a=b', '1'],
    ['IncomingMessage', 'GET', '/seen', null],
  ]);
});

it.each([
  ['throws', 'Error: on purpose'],
  ['rejects', 'TypeError: it must return true or false at once, and returned a Promise'],
  ['text', 'TypeError: it must return true or false at once, and returned a value of type string'],
])('measures every request and logs one line where the function %s', async (name, cause) => {
  const app = await start(name);
  await sendByEveryProtocol(app, '/users/1');
  expect(await waitForRequests(app, 3)).toEqual({ 'GET /users/:id 200': 3 });
  const lines = app.stderr.split('\n').filter((line) => line.startsWith('[@org/apm] failed'));
  expect(lines).toEqual([
    `[@org/apm] failed to decide by setupApm({ ignore }) whether a request is measured; the application is not affected: ${cause}`,
  ]);
});

it('measures every request where the option is no function, and says so', async () => {
  const app = await start('text_instead');
  await get(app.url('/users/1'));
  expect(await waitForRequests(app, 1)).toEqual({ 'GET /users/:id 200': 1 });
  expect(app.stderr).toContain(
    '[@org/apm] setupApm({ ignore }): expected a function (request) => boolean, given a value of type string; no request is ignored by it\n',
  );
});

it('takes the function under the preload too, and no second one', async () => {
  const app = await startApp(APP, { env: { IGNORE: 'probes', MORE: '1', SECOND: 'everything' } });
  await get(app.url('/health'), { headers: PROBE });
  await get(app.url('/users/1'));
  expect(await waitForRequests(app, 1)).toEqual({ 'GET /users/:id 200': 1 });
  const prefix = '[@org/apm] setupApm: this process is already measured, so these options have no effect:';
  expect(app.stderr.split('\n').filter((line) => line.includes('setupApm'))).toEqual([
    `${prefix} exporters, maxPaths; the preload reads the environment: set their variables`,
    `${prefix} ignore; pass them to the first call`,
  ]);
});

it('leaves out paths by patterns, of labels and of URLs, with a method and without', async () => {
  const app = await startApp('test/apps/plain/app.mjs', {
    env: { APM_IGNORE_PATHS: 'GET /health*,/static/*,/users/:id,missing,*.ico', APM_MAX_PATHS: '2' },
  });
  const paths = ['/health', '/healthz?full', '/static/a.js', '/static/b/c.js', '/users/1', '/favicon.ico', '/missing'];
  for (const path of paths) await get(app.url(path));
  for (const path of ['/health', '/orders/1']) await get(app.url(path), { method: 'POST' });
  expect(await waitForRequests(app, 3)).toEqual({
    'GET unmatched 404': 1,
    'POST /health 200': 1,
    'POST /orders/:id 200': 1,
  });
  expect(app.stderr).toContain(
    'APM_IGNORE_PATHS: ignored the entry "missing" (expected paths such as /health, /users/:id, /static/* or GET /health*, separated by commas); kept "GET /health*", "/static/*", "/users/:id", "*.ico"',
  );
  expect(app.stderr).not.toContain('reached (APM_MAX_PATHS)');
});

it('shows no request in flight that is ignored by its label, after its end', async () => {
  const app = await startApp('test/apps/plain/app.mjs', { env: { APM_IGNORE_PATHS: 'unmatched' } });
  await get(app.url('/missing'));
  const text = await until(
    () => app.scrape(),
    (scrape) => samples(scrape)['http_active_requests{method="GET"}'] === 0,
  );
  expect(requests(text)).toEqual({});
});
