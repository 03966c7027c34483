import { expect } from 'vitest';
import type { App } from './app.ts';
import { labels, requests, samples, until } from './exposition.ts';

/** How many requests are being answered, whatever their method. */
export function active(text: string): number {
  const gauges = Object.entries(samples(text)).filter(([sample]) => sample.startsWith('http_active_requests{'));
  return gauges.reduce((sum, [, value]) => sum + Math.abs(value), 0);
}

/** The durations recorded: `GET /users/:id` to how many. */
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

/** Waits until so many requests are being answered. */
export const waitForInFlight = (app: App, count: number) =>
  until(
    async () => active(await app.scrape()),
    (n) => n === count,
  );

/** What was counted and timed once so many requests have ended and none is being answered. */
export async function waitForOutcome(app: App, ended: number) {
  await until(
    async () => {
      const text = await app.scrape();
      return { requests: requests(text), active: active(text) };
    },
    (now) => total(now.requests) >= ended && now.active === 0,
  );
  // Once more, for what may have been counted twice.
  const text = await app.scrape();
  return { requests: requests(text), durations: durations(text) };
}

/** The requests counted once so many have ended, each of them timed and none being answered. */
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
