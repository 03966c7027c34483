import { expect } from 'vitest';
import type { App } from './app.ts';
import { labels, requests, samples, until } from './exposition.ts';

/** The number of requests in flight, over all methods. */
export function active(text: string): number {
  const gauges = Object.entries(samples(text)).filter(([sample]) => sample.startsWith('http_active_requests{'));
  return gauges.reduce((sum, [, value]) => sum + Math.abs(value), 0);
}

/** The number of recorded durations by method and path: `GET /users/:id`. */
export function durations(text: string): Record<string, number> {
  const found: Record<string, number> = {};
  for (const [sample, value] of Object.entries(samples(text))) {
    if (!sample.startsWith('http_duration_count{')) continue;
    const { method, path } = labels(sample);
    found[`${method} ${path}`] = value;
  }
  return found;
}

const total = (counts: Record<string, number>) => Object.values(counts).reduce((sum, count) => sum + count, 0);

/** Waits until `count` requests are in flight. */
export const waitForInFlight = (app: App, count: number) =>
  until(
    async () => active(await app.scrape()),
    (n) => n === count,
  );

/** Waits until `ended` requests are counted and none is in flight. Returns counts and durations. */
export async function waitForOutcome(app: App, ended: number) {
  await until(
    async () => {
      const text = await app.scrape();
      return { requests: requests(text), active: active(text) };
    },
    (now) => total(now.requests) >= ended && now.active === 0,
  );
  // A second scrape shows a request that was counted twice.
  const text = await app.scrape();
  return { requests: requests(text), durations: durations(text) };
}

/** Waits until `ended` requests are counted and none is in flight, and checks that each has a duration. */
export async function waitForRequests(app: App, ended: number): Promise<Record<string, number>> {
  const { requests, durations } = await waitForOutcome(app, ended);
  const timed: Record<string, number> = {};
  for (const [key, count] of Object.entries(requests)) {
    const endpoint = key.slice(0, key.lastIndexOf(' '));
    timed[endpoint] = (timed[endpoint] ?? 0) + count;
  }
  expect(durations).toEqual(timed);
  return requests;
}
