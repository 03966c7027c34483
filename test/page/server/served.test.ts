import { expect, it } from 'vitest';
import type { PageData } from '../../../src/page/protocol.ts';
import { type Answer, get } from '../../expose/get.ts';
import { ask, Service } from '../../processes/group.ts';
import { type App, startApp } from '../../support/app.ts';
import { until } from '../../support/exposition.ts';
import { NODE_VERSIONS, node } from '../../support/nodes.ts';
import { requestsByEndpoint } from './page-answer.ts';

const PLAIN = 'test/apps/plain/app.mjs';
const ASSETS = ['/', '/page', '/page/page.js', '/page/page.css', '/page/icon.svg'];
const originOf = async (app: App) => new URL(await app.metricsUrl()).origin;
const headersOf = ({ headers: { date, connection, ...rest } }: Answer) => rest;

const readData = async (origin: string, after = ''): Promise<PageData> =>
  JSON.parse((await get(`${origin}/page/data?after=${after}`)).text) as PageData;

const STRICT = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  vary: 'Accept-Encoding',
};

it('is served completely by the metrics server, with headers that block all other content', async () => {
  const origin = await originOf(await startApp(PLAIN));
  const types: Record<string, string> = {
    '/': 'text/html; charset=utf-8',
    '/page': 'text/html; charset=utf-8',
    '/page/page.js': 'text/javascript; charset=utf-8',
    '/page/page.css': 'text/css; charset=utf-8',
    '/page/icon.svg': 'image/svg+xml',
  };
  for (const path of ASSETS) {
    const answer = await get(origin + path);
    expect(answer.status).toBe(200);
    const length = String(answer.body.length);
    expect({ path, ...headersOf(answer) }).toEqual({
      path,
      ...STRICT,
      'content-type': types[path],
      'cache-control': 'no-cache',
      'content-length': length,
    });
    const head = await get(origin + path, { method: 'HEAD' });
    expect([head.status, head.headers['content-length'], head.text]).toEqual([200, length, '']);
    expect((await get(origin + path, { method: 'POST' })).status).toBe(405);
  }
  const answer = await get(`${origin}/page/data`);
  expect(headersOf(answer)).toEqual({
    ...STRICT,
    'content-type': 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'content-length': String(answer.body.length),
  });
  expect(
    (await get(`${origin}/page/data`, { headers: { 'Accept-Encoding': 'gzip' } })).headers['content-encoding'],
  ).toBe('gzip');
  for (const path of ['/page/', '/page/main.ts', '/page/../page/page.html', '/page/data/x', '/favicon.ico']) {
    expect([path, (await get(origin + path)).status]).toEqual([path, 404]);
  }
});

it('requires the token for its data, not for its own files', async () => {
  const origin = await originOf(await startApp(PLAIN, { env: { APM_AUTH_TOKEN: 'sesame' } }));
  for (const path of ASSETS) expect([path, (await get(origin + path)).status]).toEqual([path, 200]);
  const path = `${origin}/page/data`;
  expect([(await get(path)).status, (await get(`${path}?token=sesame`)).status]).toEqual([401, 401]);
  expect((await get(path, { headers: { Authorization: 'Bearer wrong' } })).status).toBe(401);
  const answer = await get(path, { headers: { Authorization: 'Bearer sesame' } });
  expect(answer.status).toBe(200);
  expect(answer.text).not.toContain('sesame');
});

const ENV_WITHOUT_PAGE: Record<string, Record<string, string>> = {
  'APM_PAGE is false': { APM_PAGE: 'false' },
  'the metrics are on the port of the app': { APM_METRICS_ON_APP: '/metrics' },
};

it.each(Object.entries(ENV_WITHOUT_PAGE))('is not served when %s', async (_, env) => {
  const app = await startApp(PLAIN, { env });
  await app.waitForOutput(/metrics at/);
  expect(app.stderr).not.toContain('live page');
  if (env.APM_METRICS_ON_APP) return;
  const origin = await originOf(app);
  for (const path of [...ASSETS, '/page/data']) expect([path, (await get(origin + path)).status]).toEqual([path, 404]);
});

it('is served to many browsers at the same moment', async () => {
  const origin = await originOf(await startApp(PLAIN));
  const paths = [...ASSETS, '/page/data'];
  // Open pages all ask for their data just after an interval has ended.
  const browsers = Array.from({ length: 20 }, () =>
    Promise.all(paths.map((path) => get(origin + path, { headers: { 'Accept-Encoding': 'gzip' } }))),
  );
  const statuses = (await Promise.all(browsers)).flat().map(({ status }) => status);
  expect(statuses).toEqual(Array.from({ length: 20 * paths.length }, () => 200));
});

it('serves the scrape at / when APM_METRICS_PATH is /, and the page only at /page', async () => {
  const app = await startApp(PLAIN, { env: { APM_METRICS_PATH: '/' } });
  const origin = await originOf(app);
  expect(app.stderr).toBe(`[@org/apm] metrics at ${origin}/ (live page: ${origin}/page)\n`);
  expect((await get(`${origin}/`)).headers['content-type']).toContain('text/plain; version=0.0.4');
  expect((await get(`${origin}/page`)).text).toContain('<script');
});

it('keeps no process alive, on any Node', async () => {
  const exits = await Promise.all(
    NODE_VERSIONS.map(async (version) => {
      const app = await startApp(PLAIN, { node: node(version) });
      await get(`${await originOf(app)}/page/data`);
      await get(app.url('/end'));
      return app.exit;
    }),
  );
  expect(exits).toEqual(exits.map(() => ({ code: 0, signal: null })));
});

it('shows all processes of a service, together and one by one, and new requests after the scraped process has died', async () => {
  const service = await Service.create();
  const first = await service.start('one-server.mjs');
  await first.waitForOutput(/metrics at/);
  const second = await service.start('one-server.mjs');
  await service.merged(2);
  const origin = `http://localhost:${service.port}`;
  await ask(first.port, 3, '/a');
  await ask(second.port, 5, '/b');
  const both = await until(
    () => readData(origin),
    (found) => {
      const last = found.intervals.at(-1);
      const counted = Object.values(requestsByEndpoint(found)).reduce((sum, count) => sum + count, 0);
      return counted === 8 && last?.processes.length === 2 && last.processes.every(([, active]) => active !== null);
    },
    30,
  );
  expect(requestsByEndpoint(both)).toEqual({ 'GET /a': 3, 'GET /b': 5 });
  const byProcess = Object.fromEntries(
    [first, second].map(({ child: { pid } }) => [
      pid,
      both.intervals
        .flatMap(({ processes }) => processes.filter(([name]) => name === String(pid)))
        .reduce((sum, row) => sum + (row[5] ?? 0), 0),
    ]),
  );
  expect(byProcess).toEqual({ [first.child.pid as number]: 3, [second.child.pid as number]: 5 });
  expect(both.intervals.at(-1)?.running).toBe(2);

  await first.kill();
  await until(
    () => readData(origin).catch(() => undefined),
    (found) => found !== undefined && found.next.split('.')[0] !== both.next.split('.')[0],
  );
  await ask(second.port, 4, '/c');
  const after = await until(
    () => readData(origin),
    (found) => (requestsByEndpoint(found)['GET /c'] ?? 0) === 4,
  );
  // The new leader shows only the requests that were counted after it became the leader.
  expect(requestsByEndpoint(after)).toEqual({ 'GET /c': 4 });
});
