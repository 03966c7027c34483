import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { type App, startApp } from '../../support/app.ts';
import { requests } from '../../support/exposition.ts';
import { get } from '../get.ts';

const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';
const UNKNOWN =
  'apm.handler was called with arguments of a framework that is not known; send `await apm.metrics()` from a handler of your own, with `apm.contentType` as its content type';

const start = (env = {}) => startApp('test/apps/plain/handler-calls.mjs', { flags: [], env });
const statusAndText = async (app: App, path: string) => {
  const { status, text } = await get(app.url(path));
  return [status, text];
};

it('gives a framework that it does not know an error to answer, logs one line, and the app runs on', async () => {
  const app = await start();
  expect(await statusAndText(app, '/ignored')).toEqual([200, 'ignored']);
  for (const path of ['/awaited', '/nothing', '/number', '/next', '/getter']) {
    expect(await statusAndText(app, path)).toEqual([500, UNKNOWN]);
  }
  expect(app.stderr).toBe(`[@org/apm] ${UNKNOWN}\n`);
  expect(await statusAndText(app, '/sent')).toEqual([200, 'sent before']);
  await app.waitForOutput(
    /^\[@org\/apm\] failed to answer a scrape; the application is not affected: Error: the app has already sent a response$/m,
  );
  expect(await statusAndText(app, '/users/1')).toEqual([200, 'hello']);
});

it('answers a web Request, and does not count it, whatever server it came from', async () => {
  const app = await start({ APM_AUTH_TOKEN: 'token' });
  const headers = { Authorization: 'Bearer token' };
  await get(app.url('/users/1'));
  expect((await get(app.url('/web'))).status).toBe(401);
  const { status, headers: sent, text } = await get(app.url('/web?name=up'), { headers });
  expect([status, sent['content-type'], Number(sent['content-length'])]).toEqual([200, CONTENT_TYPE, text.length]);
  expect(requests(text)).toEqual({ 'GET /users/:id 200': 1 });
  expect(text).toContain('\nhttp_active_requests{method="GET"} 0\n');
  const packed = await get(app.url('/web'), { headers: { ...headers, 'Accept-Encoding': 'gzip' } });
  expect(gunzipSync(packed.body).toString()).toBe(text);
  const head = await get(app.url('/web'), { headers, method: 'HEAD' });
  expect([head.status, head.text]).toEqual([200, '']);
  expect((await get(app.url('/web'), { headers, method: 'DELETE' })).status).toBe(405);
  // It is no request of a server, and the one that causes it is no scrape.
  expect(await statusAndText(app, '/without-server')).toEqual([200, 'A bearer token is needed.\n']);
  const after = await get(app.url('/web'), { headers });
  expect(requests(after.text)).toEqual({ 'GET /users/:id 200': 1, 'GET /without-server 200': 1 });
  expect(after.text).toContain('\nhttp_active_requests{method="GET"} 0\n');
  expect(app.stderr).toBe('');
});
