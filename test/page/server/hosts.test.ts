import { expect, it } from 'vitest';
import { Hosts } from '../../../src/page/server/hosts.ts';
import { durations, histogramOf } from '../support/durations.ts';

const call = (host: string, status?: number, seconds = 0.5) => {
  return {
    labels: { host, method: 'GET', status },
    guessed: false,
    count: 1,
    sum: seconds,
    buckets: [],
    fine: histogramOf([seconds]),
  };
};

const take = (hosts: Hosts) => hosts.take().map((encode) => encode());

it('counts the calls of each host; a call without an answer and a status of 500 or above are errors', () => {
  const hosts = new Hosts();
  for (const status of [200, 404, 500, undefined]) hosts.add(call('db', status));
  hosts.add(call('other', 200, 2));
  expect(take(hosts)).toEqual([
    ['db', 4, 0, 2, 2, durations(0.5, 0.5, 0.5, 0.5)],
    ['other', 1, 0, 0, 2, durations(2)],
  ]);
  expect(take(hosts)).toEqual([]);
});

it('lists 20 hosts, and adds up the others', () => {
  const hosts = new Hosts();
  for (let i = 0; i < 100; i++) hosts.add(call(`host-${i}`, 200));
  expect(take(hosts).map(([host, requests]) => [host, requests])).toEqual([
    ...Array.from({ length: 20 }, (_, i) => [`host-${i}`, 1]),
    ['other', 80],
  ]);
});

it('lists a host that is called in every interval, and few of the hosts that are called once', () => {
  const hosts = new Hosts();
  const shown = new Map<string, number>();
  for (let interval = 0; interval < 360; interval++) {
    hosts.add(call('database', 200));
    for (let i = 0; i < 50; i++) hosts.add(call(`crawled-${interval}-${i}`, 200));
    for (const [host, requests] of take(hosts)) shown.set(host, (shown.get(host) ?? 0) + requests);
  }
  expect(shown.get('database')).toBe(360);
  expect(Array.from(shown.values()).reduce((sum, requests) => sum + requests, 0)).toBe(360 * 51);
  // The app called 18,001 hosts.
  expect(shown.size).toBeGreaterThan(300);
  expect(shown.size).toBeLessThan(600);
});
