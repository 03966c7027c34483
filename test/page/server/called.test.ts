import { expect, it } from 'vitest';
import { Called, MAX_HOSTS } from '../../../src/page/server/called.ts';
import { durations, histogramOf } from '../support/durations.ts';

const call = (seconds = 0.5) => ({ count: 1, sum: seconds, buckets: [], fine: histogramOf([seconds]) });

const take = (called: Called) => called.take().map((encode) => encode());

it('counts the calls of each host, and how many of them failed', () => {
  const hosts = new Called(MAX_HOSTS);
  for (const isFailure of [false, false, true, true]) hosts.add('db', call(), isFailure);
  hosts.add('other', call(2));
  expect(take(hosts)).toEqual([
    ['db', 4, 0, 2, 2, durations(0.5, 0.5, 0.5, 0.5)],
    ['other', 1, 0, 0, 2, durations(2)],
  ]);
  expect(take(hosts)).toEqual([]);
});

it('lists as many hosts as there are places, and adds up the others', () => {
  const hosts = new Called(20);
  for (let i = 0; i < 100; i++) hosts.add(`host-${i}`, call());
  expect(take(hosts).map(([host, requests]) => [host, requests])).toEqual([
    ...Array.from({ length: 20 }, (_, i) => [`host-${i}`, 1]),
    ['other', 80],
  ]);
});

it('lists a host that is called in every interval, and few of the hosts that are called once', () => {
  const hosts = new Called(20);
  const shown = new Map<string, number>();
  for (let interval = 0; interval < 360; interval++) {
    hosts.add('database', call());
    for (let i = 0; i < 50; i++) hosts.add(`crawled-${interval}-${i}`, call());
    for (const [host, requests] of take(hosts)) shown.set(host, (shown.get(host) ?? 0) + requests);
  }
  expect(shown.get('database')).toBe(360);
  expect(Array.from(shown.values()).reduce((sum, requests) => sum + requests, 0)).toBe(360 * 51);
  // The app called 18,001 hosts.
  expect(shown.size).toBeGreaterThan(300);
  expect(shown.size).toBeLessThan(600);
});
