import { expect, it } from 'vitest';
import { Timeline } from '../../../src/page/browser/timeline.ts';
import { percentiles, trailing } from '../../../src/page/browser/trailing.ts';
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
  // In the charts of one endpoint too.
  const [moment] = timeline.moments;
  const of = (key: string) => moment && timeline.sumOf(moment, key)?.requests;
  expect(['GET other', 'POST other', 'GET /c', 'GET /a'].map(of)).toEqual([1, 2, 3, undefined]);
});

it('goes on when the clock is set back, or stands still: what was before is shown before', () => {
  const timeline = new Timeline();
  const times = () => timeline.moments.map(({ at }) => at);
  timeline.add(data([{ 'GET /a': tallied(1) }, { 'GET /a': tallied(2) }], {}, 3_600_000));
  timeline.add(data([{ 'GET /a': tallied(4) }], {}, 95_000));
  expect(times()).toEqual([90_000, 95_000, 100_000]);
  expect(requests(timeline)).toEqual({ 'GET /a': 7 });
  timeline.add(data([{ 'GET /a': tallied(8) }], {}, 95_000));
  expect(times()).toEqual([85_000, 90_000, 95_000, 100_000]);
  expect(requests(timeline)).toEqual({ 'GET /a': 15 });
});

it('goes on after a restart with an earlier clock', () => {
  const timeline = new Timeline();
  timeline.add(data([{ 'GET /a': tallied(1) }], {}, 3_600_000));
  timeline.add(data([], { next: 'two.0', now: 101_000 }));
  timeline.add(data([{ 'GET /a': tallied(2) }], { next: 'two.1', now: 105_100 }, 100_000));
  expect(timeline.moments.map(({ at }) => at)).toEqual([101_000, 105_000]);
});

it('takes what it is told twice once', () => {
  const timeline = new Timeline();
  const first = data([{ 'GET /a': tallied(1) }, { 'GET /a': tallied(2) }]);
  for (let i = 0; i < 3; i++) timeline.add(first);
  expect(timeline.moments.map(({ at }) => at)).toEqual([5_000, 10_000]);
  expect(requests(timeline)).toEqual({ 'GET /a': 3 });
});

it('draws nothing over what another process has told', () => {
  const timeline = new Timeline();
  timeline.add(data([{ 'GET /a': tallied(1) }], {}, 100_000));
  timeline.add(data([{ 'GET /a': tallied(2) }, { 'GET /a': tallied(4) }], { next: 'two.2', now: 111_000 }, 99_000));
  expect(timeline.moments.map(({ at }) => at)).toEqual([105_000, 109_000]);
  expect(requests(timeline)).toEqual({ 'GET /a': 5 });
});

it('forgets what is older than half an hour', () => {
  const timeline = new Timeline();
  timeline.add(data([{ 'GET /a': tallied(1) }], {}, 100_000));
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
