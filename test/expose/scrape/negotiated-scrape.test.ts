import { gunzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { startApp } from '../../support/app.ts';
import { ACCEPT_PROTOBUF, PROTOBUF_TYPE, readFamilies, toText } from '../../support/metric-families.ts';
import { get } from '../get.ts';

const PLAIN = 'test/apps/plain/app.mjs';
const TEXT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

it('answers delimited protobuf messages to a scraper that prefers them, and text to all others', async () => {
  const app = await startApp(PLAIN);
  for (const path of ['/users/1', '/users/2', '/missing/1']) await get(app.url(path));
  const url = await app.metricsUrl();
  const plain = await get(url);
  expect([plain.headers['content-type'], plain.headers.vary]).toEqual([TEXT_TYPE, 'Accept, Accept-Encoding']);

  const native = await get(url, { headers: { Accept: ACCEPT_PROTOBUF } });
  expect([native.status, native.headers['content-type'], native.headers.vary]).toEqual([
    200,
    PROTOBUF_TYPE,
    'Accept, Accept-Encoding',
  ]);
  expect(native.headers['content-length']).toBe(String(native.body.length));
  const families = readFamilies(native.body);
  expect(toText(families)).toBe(plain.text);
  const durations = families.find(({ name }) => name === 'http_duration');
  expect(durations?.metric.map(({ histogram }) => [histogram?.sampleCount, histogram?.schema])).toEqual([
    [2, 5],
    [1, 5],
  ]);

  const packed = await get(url, { headers: { Accept: ACCEPT_PROTOBUF, 'Accept-Encoding': 'gzip' } });
  expect([packed.headers['content-type'], packed.headers['content-encoding']]).toEqual([PROTOBUF_TYPE, 'gzip']);
  expect(gunzipSync(packed.body).equals(native.body)).toBe(true);
  const head = await get(url, { method: 'HEAD', headers: { Accept: ACCEPT_PROTOBUF } });
  expect([head.status, head.headers['content-type'], head.body.length]).toEqual([200, PROTOBUF_TYPE, 0]);
  for (const Accept of ['*/*', 'text/plain', 'application/openmetrics-text', 'x'.repeat(4_000)]) {
    expect((await get(url, { headers: { Accept } })).text).toBe(plain.text);
  }
});

it('answers text to every scraper at a route of the app, where each scrape may reach another process', async () => {
  const app = await startApp(PLAIN, { env: { APM_METRICS_ON_APP: '/metrics' } });
  await get(app.url('/users/1'));
  const plain = await get(app.url('/metrics'));
  const asked = await get(app.url('/metrics'), { headers: { Accept: ACCEPT_PROTOBUF } });
  expect([asked.headers['content-type'], asked.headers.vary]).toEqual([TEXT_TYPE, 'Accept-Encoding']);
  expect(asked.text).toBe(plain.text);
});

it('requires the token in every format', async () => {
  const app = await startApp(PLAIN, { env: { APM_AUTH_TOKEN: 'token' } });
  const url = await app.metricsUrl();
  const headers = { Accept: ACCEPT_PROTOBUF };
  expect((await get(url, { headers })).status).toBe(401);
  const answer = await get(url, { headers: { ...headers, Authorization: 'Bearer token' } });
  expect(readFamilies(answer.body).map(({ name }) => name)).toEqual(['target_info']);
});
