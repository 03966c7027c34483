import { expect, it } from 'vitest';
import { OutgoingCalls } from '../../src/metrics/outgoing-calls.ts';
import { vitalSigns } from '../../src/metrics/vitals.ts';

const BOUNDS = [1];
const signs = (calls: OutgoingCalls) => ({ active: 0, delay: 0, cpu: 0, memory: 0, outgoing: calls.take() });

it('says nothing that the process that is scraped would not take, whatever an app was told to call', () => {
  const calls = new OutgoingCalls(BOUNDS);
  calls.record(0.5, { 'server.address': 'a'.repeat(253), 'http.response.status_code': 200 });
  calls.record(0.5, { 'server.address': 'b'.repeat(254), 'http.response.status_code': 200 });
  calls.record(0.5, { 'server.address': 'c'.repeat(100_000) });
  for (const seconds of [-1, Number.NaN]) calls.record(seconds, { 'server.address': 'd' });
  calls.record(2, {});
  expect(vitalSigns(signs(calls), BOUNDS).outgoing).toEqual([
    { host: 'a'.repeat(253), calls: 1, failed: 0, seconds: 0.5, counts: [1, 0] },
    { host: 'other', calls: 3, failed: 2, seconds: 3, counts: [2, 1] },
    { host: 'd', calls: 2, failed: 2, seconds: 0, counts: [2, 0] },
  ]);
});

it('tells 20 hosts apart', () => {
  const calls = new OutgoingCalls(BOUNDS);
  for (let i = 0; i < 100; i++) calls.record(0.5, { 'server.address': `host-${i}` });
  const { outgoing } = vitalSigns(signs(calls), BOUNDS);
  expect(outgoing.map(({ host, calls }) => [host, calls])).toEqual([
    ...Array.from({ length: 20 }, (_, i) => [`host-${i}`, 1]),
    ['other', 80],
  ]);
});

it('tells few hosts in half an hour, though others are called all the time, and those that come back', () => {
  const calls = new OutgoingCalls(BOUNDS);
  const hosts = new Map<string, number>();
  for (let slot = 0; slot < 360; slot++) {
    calls.record(0.5, { 'server.address': 'database' });
    for (let i = 0; i < 50; i++) calls.record(0.5, { 'server.address': `crawled-${slot}-${i}` });
    for (const { host, calls: more } of calls.take()) hosts.set(host, (hosts.get(host) ?? 0) + more);
  }
  expect(hosts.get('database')).toBe(360);
  expect(Array.from(hosts.values()).reduce((sum, more) => sum + more, 0)).toBe(360 * 51);
  // Of 18,001.
  expect(hosts.size).toBeGreaterThan(300);
  expect(hosts.size).toBeLessThan(600);
});
