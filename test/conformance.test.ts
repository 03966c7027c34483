import { Agent, request } from 'node:http';
import { expect, it } from 'vitest';
import { type App, register, startApp } from './support/app.ts';
import { labels, samples, until } from './support/exposition.ts';

const BUCKETS = '0.005,0.02,0.05,0.1,1';
const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'HEAD', 'PATCH', 'OPTIONS', 'PROPFIND'];
const STATUSES = [200, 201, 204, 301, 304, 400, 403, 404, 418, 500, 503];
const REQUESTS = 2000;

type Totals = Record<string, { count: number; sum: number }>;

/** A small generator with a seed, so that a failure can be reproduced. */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

function createTraffic(): { method: string; path: string }[] {
  const next = createRandom(20261122);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(next() * from.length)] as T;
  return Array.from({ length: REQUESTS }, () => ({
    method: pick(METHODS),
    path: `/${pick(STATUSES)}/${Math.floor(next() * 40)}/${Math.floor(next() * 2000)}`,
  }));
}

async function send(app: App): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 });
  const one = ({ method, path }: { method: string; path: string }) =>
    new Promise<void>((resolve, reject) => {
      const call = request(app.url(path), { method, agent }, (response) => response.resume().on('close', resolve));
      call.on('error', reject).end(method === 'POST' ? 'body' : undefined);
    });
  await Promise.all(createTraffic().map(one));
  agent.destroy();
}

/** Requests and seconds by method and status. */
function totalsOf(text: string): Totals {
  const found: Totals = {};
  for (const [sample, value] of Object.entries(samples(text))) {
    const [, kind] = /^http_server_request_duration(?:_seconds)?_(count|sum)\{/.exec(sample) ?? [];
    if (kind !== 'count' && kind !== 'sum') continue;
    const { http_request_method, http_response_status_code } = labels(sample);
    const key = `${http_request_method} ${http_response_status_code}`;
    const total = found[key] ?? { count: 0, sum: 0 };
    total[kind] += value;
    found[key] = total;
  }
  return found;
}

it('counts the same requests as the upstream HttpInstrumentation with the same views, and measures the same durations', async () => {
  const app = await startApp('test/apps/conformance/app.cjs', {
    env: { APM_BUCKETS: BUCKETS, APM_METRIC_NAMES: 'semconv' },
    flags: ['--import', register, '--import', './test/apps/conformance/upstream.mjs'],
  });
  const [, upstream] = await app.waitForOutput(/^upstream at (\S+)/m);
  await app.metricsUrl();
  await send(app);
  const all = (found: Totals) => Object.values(found).reduce((sum, { count }) => sum + count, 0) === REQUESTS;
  const mine = await until(async () => totalsOf(await app.scrape()), all);
  const theirs = await until(async () => totalsOf(await (await fetch(upstream as string)).text()), all);

  const counts = (of: Totals) => Object.fromEntries(Object.entries(of).map(([key, { count }]) => [key, count]));
  expect(counts(mine)).toEqual(counts(theirs));
  const seconds = (of: Totals) => Object.values(of).reduce((total, { sum }) => total + sum, 0);
  expect(seconds(mine) / seconds(theirs)).toBeGreaterThan(0.95);
  expect(seconds(mine) / seconds(theirs)).toBeLessThan(1.05);
});
