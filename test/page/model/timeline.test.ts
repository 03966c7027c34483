import { expect, it } from 'vitest';
import { Timeline } from '../../../src/expose/page/browser/timeline.ts';
import { percentiles, trailing } from '../../../src/expose/page/browser/trailing.ts';
import { BOUNDS, data, tallied } from './feed.ts';

const requests = (timeline: Timeline) =>
  Object.fromEntries(Array.from(timeline.byEndpoint(timeline.moments), ([key, sum]) => [key, sum.requests]));

it('goes on over a restart, by the names of endpoints and not by their numbers', () => {
  const timeline = new Timeline();
  timeline.add(data([{ 'GET /a': tallied(1), 'GET /b': tallied(2) }]));
  timeline.add(data([{ 'GET /b': tallied(4), 'GET /c': tallied(8) }], { next: 'two.1' }, 60_000));
  expect(requests(timeline)).toEqual({ 'GET /a': 1, 'GET /b': 6, 'GET /c': 8 });
});

it('knows the endpoints of slots that were told before', () => {
  const timeline = new Timeline();
  timeline.add(data([{ 'GET /a': tallied(1) }]));
  // Nothing new: no names are told again.
  timeline.add(data([], { kept: [1] }));
  expect(requests(timeline)).toEqual({ 'GET /a': 1 });
});

it('counts as other what is not told apart any more', () => {
  const timeline = new Timeline();
  timeline.add(data([{ 'GET /a': tallied(1), 'POST /b': tallied(2), 'GET /c': tallied(3) }]));
  timeline.add(data([], { kept: [3] }));
  expect(requests(timeline)).toEqual({ 'GET other': 1, 'POST other': 2, 'GET /c': 3 });
});

it('draws nothing over what is drawn when a clock was set back, and forgets what is older than half an hour', () => {
  const timeline = new Timeline();
  timeline.add(data([{ 'GET /a': tallied(1) }], {}, 100_000));
  timeline.add(data([{ 'GET /a': tallied(1) }], {}, 50_000));
  expect(requests(timeline)).toEqual({ 'GET /a': 1 });
  timeline.add(data([{ 'GET /a': tallied(5) }], {}, 105_000 + 30 * 60_000));
  expect(requests(timeline)).toEqual({ 'GET /a': 5 });
});

it('begins anew with other buckets, or another service', () => {
  const timeline = new Timeline();
  timeline.add(data([{ 'GET /a': tallied(1) }]));
  timeline.add(data([{ 'GET /a': tallied(2) }], { bounds: [1], next: 'two.1' }, 60_000));
  expect(requests(timeline)).toEqual({ 'GET /a': 2 });
  timeline.add(data([{ 'GET /a': tallied(4) }], { bounds: [1], service: { name: 'till', version: '1' } }, 120_000));
  expect(requests(timeline)).toEqual({ 'GET /a': 4 });
});

it('looks back just as far as it takes to have a p99', () => {
  const over = (perSlot: number) => {
    const timeline = new Timeline();
    timeline.add(data(Array.from({ length: 120 }, () => ({ 'GET /a': tallied(perSlot) }))));
    const { window, points } = trailing(timeline.moments, ({ total }) => total, BOUNDS.length + 1);
    const [p99] = percentiles(points, BOUNDS);
    return [window, points.at(-1)?.requests, p99?.[0], p99?.at(-1)];
  };
  expect(over(100)).toEqual([15_000, 300, 0.099, 0.099]);
  expect(over(10)).toEqual([60_000, 120, null, 0.099]);
  // With one request in five seconds there is no p99 within five minutes: no line is drawn.
  expect(over(1)).toEqual([300_000, 60, null, null]);
});
