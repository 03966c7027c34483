import { expect, it } from 'vitest';
import { endpointRows } from '../../../src/page/browser/rows.ts';
import { Sum } from '../../../src/page/browser/sum.ts';
import { hostRows } from '../../../src/page/browser/tables.ts';
import { Timeline } from '../../../src/page/browser/timeline.ts';
import type { Interval } from '../../../src/page/protocol.ts';
import { BOUNDS, data, tallied } from './feed.ts';

it('shows the 50 hosts that are called most, and the rest as other', () => {
  const timeline = new Timeline();
  const [slot] = data([{}]).intervals as [Interval];
  // A service that calls whatever address it is given: some in each slot, many in half an hour.
  const hosts = (from: number) =>
    Array.from({ length: 40 }, (_, i): Interval['hosts'][number] => [`h${from + i}`, ...tallied(from + i)]);
  const slots = [1, 41, 81].map((from, i): Interval => ({ ...slot, at: (i + 1) * 5_000, hosts: hosts(from) }));
  timeline.add(data([], { intervals: [...slots, { ...slot, at: 20_000, hosts: [['other', ...tallied(1000)]] }] }));
  const shown = Object.fromEntries(hostRows(timeline.moments, BOUNDS).map(({ name, sum }) => [name, sum.requests]));
  // 72 to 120, and `other` with 1 to 71.
  const busiest = Array.from({ length: 49 }, (_, i) => [`h${72 + i}`, 72 + i]);
  expect(shown).toEqual({ ...Object.fromEntries(busiest), other: 1000 + (71 * 72) / 2 });
});

it('has the endpoints that took most time first, for as long as none has a p99 to be sorted by', () => {
  const taken = (seconds: number) => new Sum(BOUNDS.length + 1).add([3, 0, 0, seconds, 0, 3]);
  const rows = endpointRows(new Map([1, 31, 2].map((seconds) => [`GET /${seconds}`, taken(seconds)])), BOUNDS);
  expect(rows.map(({ key, p99 }) => [key, p99.kind])).toEqual([
    ['GET /31', 'few'],
    ['GET /2', 'few'],
    ['GET /1', 'few'],
  ]);
});
