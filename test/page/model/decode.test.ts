import { expect, it } from 'vitest';
import { Timeline } from '../../../src/page/browser/model/timeline.ts';
import type { Interval } from '../../../src/page/protocol.ts';
import { pageData } from './page-data.ts';

const NOTHING = { requests: 0, clientErrors: 0, errors: 0, seconds: 0, counts: [0, 0, 0, 0, 0] };

it('decodes an interval into named fields', () => {
  const interval: Interval = {
    at: 10_000,
    ms: 5_000,
    byClass: [0, 5, 0, 2, 1],
    running: 2,
    vitals: [3, 0.02, 1.5, 80e6],
    endpoints: [
      [1, 8, 2, 1, 1.25, 1, 4, 0, 3],
      [2, 1, 0, 0, 0, 0],
    ],
    hosts: [['db:5432', 6, 0, 2, 8, 4, 6]],
    processes: [
      ['17', 3, 0.02, 1.5, 80e6, 8, 2, 1, 1.25, 1, 4, 0, 3],
      ['18', null, null, null, null, 0, 0, 0, 0, 0],
    ],
  };
  const timeline = new Timeline();
  const endpoints = { 1: ['/a', 'GET'], 2: ['/events', 'GET'] } as const;
  timeline.add(pageData([], { intervals: [interval], endpoints, kept: [1, 2] }));
  const a = { requests: 8, clientErrors: 2, errors: 1, seconds: 1.25, counts: [0, 4, 0, 3, 0] };
  const vitals = { activeRequests: 3, loopDelay: 0.02, cpuCores: 1.5, memoryBytes: 80e6 };
  expect(timeline.intervals).toEqual([
    {
      at: 10_000,
      ms: 5_000,
      version: '1',
      byClass: [0, 5, 0, 2, 1],
      running: 2,
      vitals,
      total: { ...a, requests: 9 },
      endpoints: new Map([
        ['GET /a', a],
        ['GET /events', { ...NOTHING, requests: 1 }],
      ]),
      labelled: [],
      hosts: new Map([['db:5432', { requests: 6, clientErrors: 0, errors: 2, seconds: 8, counts: [0, 0, 0, 0, 6] }]]),
      processes: new Map([
        ['17', { vitals, stats: a }],
        ['18', { vitals: undefined, stats: NOTHING }],
      ]),
    },
  ]);
});
