import { expect, it } from 'vitest';
import type { Interval, Vitals } from '../../../src/page/protocol.ts';
import { mergeIntervals } from '../../../src/page/server/merge-intervals.ts';
import { countersOf } from '../model/page-data.ts';
import { durations } from '../support/durations.ts';

const interval = (first: number, given: Partial<Interval>): Interval => ({
  first,
  last: first,
  at: first * 5_000,
  ms: 5_000,
  byClass: [0, 0, 0, 0, 0],
  running: 1,
  vitals: [null, null, null, null],
  endpoints: [],
  hosts: [],
  databases: [],
  timeSpent: [],
  processes: [],
  ...given,
});

const vitals = (active: number, delay: number, cpu: number, memory: number): Vitals => [active, delay, cpu, memory];

it('adds up endpoints; one that is not listed any more is part of the one that its requests are shown under', async () => {
  const merged = await mergeIntervals(
    interval(1, {
      endpoints: [
        [1, ...countersOf([0.1])],
        [2, ...countersOf([0.2])],
      ],
      byClass: [0, 2, 0, 0, 0],
    }),
    interval(2, {
      endpoints: [
        [1, ...countersOf([0.3])],
        [9, ...countersOf([5])],
      ],
      byClass: [0, 1, 0, 1, 0],
    }),
    (id) => (id === 2 ? 9 : id),
  );
  expect(merged).toEqual(
    interval(1, {
      last: 2,
      at: 10_000,
      ms: 10_000,
      byClass: [0, 3, 0, 1, 0],
      endpoints: [
        [1, 2, 0, 0, 0.4, durations(0.1, 0.3)],
        [9, 2, 0, 0, 5.2, durations(0.2, 5)],
      ],
    }),
  );
});

it('keeps the processes that still run, with the largest gauges and the mean of the CPU', async () => {
  const {
    processes,
    running,
    vitals: all,
  } = await mergeIntervals(
    interval(1, {
      running: 3,
      vitals: vitals(9, 0.5, 2, 3e6),
      processes: [
        ['1', ...vitals(4, 0.01, 0.2, 2e6), ...countersOf([0.1])],
        ['2', ...vitals(5, 0.5, 1.8, 1e6), ...countersOf([0.1])],
      ],
    }),
    interval(2, {
      running: 2,
      ms: 15_000,
      vitals: [null, null, null, null],
      processes: [
        ['1', ...vitals(1, 0.02, 0.6, 1e6), ...countersOf([0.2])],
        ['3', null, null, null, null, ...countersOf([])],
      ],
    }),
    (id) => id,
  );
  expect([running, all]).toEqual([3, [9, 0.5, 2, 3e6]]);
  expect(processes.map(([pid, ...rest]) => [pid, ...rest.slice(0, 5)])).toEqual([
    ['1', 4, 0.02, 0.5, 2e6, 2],
    ['3', null, null, null, null, 0],
  ]);
});

it('lists the 20 hosts with most calls, and adds up the others', async () => {
  const hosts = (from: number) =>
    Array.from({ length: 15 }, (_, i) => [`host-${from + i}`, ...countersOf(new Array(from + i).fill(0.01))] as const);
  const merged = await mergeIntervals(interval(1, { hosts: hosts(1) }), interval(2, { hosts: hosts(16) }), (id) => id);
  const calls = Object.fromEntries(merged.hosts.map(([host, requests]) => [host, requests]));
  expect(Object.keys(calls).length).toBe(21);
  expect(calls).toMatchObject({ 'host-30': 30, 'host-11': 11, other: 55 });
});

it('lists the 40 database calls that are made most, and adds up the others', async () => {
  const databases = (from: number) =>
    Array.from({ length: 30 }, (_, i) => [`redis ${from + i} GET`, from + i, 0, 0, 0, durations()] as const);
  const merged = await mergeIntervals(
    interval(1, { databases: databases(1) }),
    interval(2, { databases: databases(31) }),
    (id) => id,
  );
  const calls = Object.fromEntries(merged.databases.map(([called, count]) => [called, count]));
  expect(Object.keys(calls).length).toBe(41);
  expect(calls).toMatchObject({ 'redis 60 GET': 60, 'redis 21 GET': 21, other: 210 });
});

it('adds up where the time went; an endpoint that is not listed any more is part of another', async () => {
  const hosts = (from: number) =>
    Array.from({ length: 30 }, (_, i) => [`h${from + i}`, 0, 1, (from + i) / 1000] as const);
  const { timeSpent } = await mergeIntervals(
    interval(1, { timeSpent: [['code', 0, 1, 0.001, 2, 0.002], ['code', 1, 1, 3], ...hosts(1)] }),
    interval(2, { timeSpent: [['code', 0, 1, 0.01, 9, 0.02], ['db', 1, 1, 5], ...hosts(31)] }),
    (id) => (id === 2 ? 9 : id),
  );
  expect(timeSpent.length).toBe(43);
  expect(timeSpent).toEqual(
    expect.arrayContaining([
      ['code', 0, 1, 0.011, 9, 0.022],
      ['code', 1, 1, 3],
      ['db', 1, 1, 5],
      ['h60', 0, 1, 0.06],
      ['other', 0, 1, 0.231],
    ]),
  );
});
