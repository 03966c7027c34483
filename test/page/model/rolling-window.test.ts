import { expect, it } from 'vitest';
import { percentileLines, rollingWindow } from '../../../src/page/browser/model/rolling-window.ts';
import { Timeline } from '../../../src/page/browser/model/timeline.ts';
import { BOUNDS, counters, pageData } from './page-data.ts';

it.each([
  { perInterval: 100, windowMs: 15_000, requests: 300, firstP99: 0.099, lastP99: 0.099 },
  { perInterval: 10, windowMs: 60_000, requests: 120, firstP99: null, lastP99: 0.099 },
  { perInterval: 1, windowMs: 300_000, requests: 60, firstP99: null, lastP99: null },
])(
  'looks back $windowMs ms for a p99 of $perInterval requests in five seconds',
  ({ perInterval, windowMs, requests, firstP99, lastP99 }) => {
    const timeline = new Timeline();
    timeline.add(pageData(Array.from({ length: 120 }, () => ({ 'GET /a': counters(perInterval) }))));
    const window = rollingWindow(timeline.intervals, ({ total }) => total, BOUNDS.length + 1);
    const [p99] = percentileLines(window.points, BOUNDS);
    expect(window.windowMs).toBe(windowMs);
    expect(window.points.at(-1)?.requests).toBe(requests);
    expect([p99?.[0], p99?.at(-1)]).toEqual([firstP99, lastP99]);
  },
);
