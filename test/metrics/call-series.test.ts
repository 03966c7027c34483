import { expect, it } from 'vitest';
import { CallSeries } from '../../src/metrics/call-series.ts';

it('counts the calls of each host, method and status', () => {
  const calls = new CallSeries([1], 10);
  const get = { host: 'db', method: 'GET' };
  calls.record({ ...get, status: 200 }, 0.5);
  calls.record({ ...get, status: 200 }, 1.5);
  calls.record({ ...get, status: undefined }, 0.5);
  expect(calls.table.series).toEqual([
    { ...get, status: 200, requests: 2, seconds: 2, counts: [1, 1] },
    { ...get, status: undefined, requests: 1, seconds: 0.5, counts: [1, 0] },
  ]);
});

it('counts as other the hosts above the cap, and names that are too long for a host', () => {
  const calls = new CallSeries([1], 2);
  const hosts = ['a'.repeat(253), 'b'.repeat(254), 'c'.repeat(100_000), 'd', 'e'];
  for (const host of hosts) calls.record({ host, method: 'GET', status: 200 }, 0.5);
  expect(calls.table.series.map(({ host, requests }) => [host, requests])).toEqual([
    ['a'.repeat(253), 1],
    ['other', 3],
    ['d', 1],
  ]);
});

it('counts an invalid duration as 0 seconds', () => {
  const calls = new CallSeries([1], 2);
  for (const seconds of [-1, Number.NaN]) calls.record({ host: 'a', method: 'GET', status: 200 }, seconds);
  expect(calls.table.series[0]).toMatchObject({ requests: 2, seconds: 0, counts: [2, 0] });
});

it('has at most 2,001 series when calls differ in their details', () => {
  const calls = new CallSeries([1], 10);
  for (let port = 0; port < 3_000; port++) {
    calls.record({ host: 'db', method: 'GET', status: 200, details: { 'server.port': port } }, 0.5);
  }
  expect(calls.table.series.length).toBe(2_001);
  expect(calls.table.series.at(-1)).toEqual({
    host: 'db',
    method: 'GET',
    status: 200,
    requests: 1_000,
    seconds: 500,
    counts: [1_000, 0],
  });
});
