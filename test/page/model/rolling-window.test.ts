import { expect, it } from 'vitest';
import { percentileLines, rollingWindow } from '../../../src/page/browser/model/rolling-window.ts';
import { Timeline } from '../../../src/page/browser/model/timeline.ts';
import { counters, pageData } from './page-data.ts';

it.each([
  { perInterval: 100, windowMs: 15_000, requests: 300, firstP99: 0.05, lastP99: 0.05 },
  { perInterval: 10, windowMs: 60_000, requests: 120, firstP99: null, lastP99: 0.05 },
  { perInterval: 1, windowMs: 300_000, requests: 60, firstP99: null, lastP99: null },
])(
  'looks back $windowMs ms for a p99 of $perInterval requests in five seconds',
  ({ perInterval, windowMs, requests, firstP99, lastP99 }) => {
    const timeline = new Timeline();
    timeline.add(pageData(Array.from({ length: 120 }, () => ({ 'GET /a': counters(perInterval) }))));
    const window = rollingWindow(timeline.intervals, ({ total }) => total);
    const [p99] = percentileLines(window.points);
    expect(window.windowMs).toBe(windowMs);
    expect(window.points.at(-1)?.requests).toBe(requests);
    for (const [found, expected] of [
      [p99?.[0], firstP99],
      [p99?.at(-1), lastP99],
    ]) {
      if (expected === null) expect(found).toBeNull();
      else expect(found).toBeCloseTo(expected as number, 3);
    }
  },
);
