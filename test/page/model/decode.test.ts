import { expect, it } from 'vitest';
import type { TimelineInterval } from '../../../src/page/browser/model/decode.ts';
import type { RequestStats } from '../../../src/page/browser/model/request-stats.ts';
import { Timeline } from '../../../src/page/browser/model/timeline.ts';
import type { Interval } from '../../../src/page/protocol.ts';
import { durations } from '../support/durations.ts';
import { pageData } from './page-data.ts';

/** What can be compared: a histogram as the seconds of each request, which are exact to 1.1 %. */
const readable = ({ requests, clientErrors, errors, seconds, histogram }: RequestStats) => ({
  requests,
  clientErrors,
  errors,
  seconds,
  durations: histogram.buckets().map(({ low, high, count }) => [Number(Math.sqrt(low * high).toPrecision(2)), count]),
});

it('decodes an interval into named fields', () => {
  const interval: Interval = {
    first: 7,
    last: 8,
    at: 10_000,
    ms: 5_000,
    byClass: [0, 5, 0, 2, 1],
    running: 2,
    vitals: [3, 0.02, 1.5, 80e6],
    endpoints: [
      [1, 8, 2, 1, 1.25, durations(0.1, 0.1, 0.3)],
      [2, 1, 0, 0, 0, durations()],
    ],
    hosts: [['api:4000', 6, 0, 2, 8, durations(1.33)]],
    databases: [['postgresql db SELECT', 2, 0, 0, 0.2, durations(0.1, 0.1)]],
    timeSpent: [
      ['code', 0, 1, 0.25, 3, 0.5],
      ['api:4000', 1, 1, 1],
    ],
    processes: [
      ['17', 3, 0.02, 1.5, 80e6, 8, 2, 1, 1.25, durations(0.1, 0.1, 0.3)],
      ['18', null, null, null, null, 0, 0, 0, 0, durations()],
    ],
  };
  const timeline = new Timeline();
  const endpoints = { 1: ['/a', 'GET'], 2: ['/events', 'GET'], 3: ['/b', 'GET'] } as const;
  timeline.add(pageData([], { intervals: [interval], endpoints, kept: [1, 2, 3], next: 'one.8' }));
  const a = {
    requests: 8,
    clientErrors: 2,
    errors: 1,
    seconds: 1.25,
    durations: [
      [0.1, 2],
      [0.3, 1],
    ],
  };
  const nothing = { requests: 0, clientErrors: 0, errors: 0, seconds: 0, durations: [] };
  const vitals = { activeRequests: 3, loopDelay: 0.02, cpuCores: 1.5, memoryBytes: 80e6 };
  const [decoded] = timeline.intervals as [TimelineInterval];
  const { total, endpoints: byKey, hosts, databases, processes, ...rest } = decoded;
  expect(rest).toEqual({
    process: 'one',
    uptime: 11,
    first: 7,
    last: 8,
    at: 10_000,
    ms: 5_000,
    version: '1',
    byClass: [0, 5, 0, 2, 1],
    running: 2,
    vitals,
    labelled: [],
    timeSpent: [
      {
        on: 'code',
        isSlow: false,
        seconds: new Map([
          ['GET /a', 0.25],
          ['GET /b', 0.5],
        ]),
      },
      { on: 'api:4000', isSlow: true, seconds: new Map([['GET /a', 1]]) },
    ],
    processVitals: new Map([['17', vitals]]),
  });
  const read = (rows: ReadonlyMap<string, RequestStats>) =>
    Array.from(rows, ([name, stats]) => [name, readable(stats)]);
  expect(readable(total)).toEqual({ ...a, requests: 9 });
  expect(read(byKey)).toEqual([
    ['GET /a', a],
    ['GET /events', { ...nothing, requests: 1 }],
  ]);
  expect(read(hosts)).toEqual([
    ['api:4000', { requests: 6, clientErrors: 0, errors: 2, seconds: 8, durations: [[1.3, 1]] }],
  ]);
  expect(read(databases)).toEqual([
    ['postgresql db SELECT', { requests: 2, clientErrors: 0, errors: 0, seconds: 0.2, durations: [[0.1, 2]] }],
  ]);
  expect(read(processes)).toEqual([
    ['17', a],
    ['18', nothing],
  ]);
});
