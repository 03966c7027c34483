import { expect, it } from 'vitest';
import { RunningTotals } from '../../../src/page/browser/model/running-totals.ts';
import { Timeline } from '../../../src/page/browser/model/timeline.ts';
import { counters, pageData } from './page-data.ts';

const totalsOf = ({ intervals }: Timeline) => new RunningTotals().update(intervals.map(({ endpoints }) => endpoints));

const requests = (timeline: Timeline) =>
  Object.fromEntries(Array.from(timeline.listedTotals(totalsOf(timeline)), ([key, totals]) => [key, totals.requests]));

it('adds up an endpoint across a restart, although its id changes', () => {
  const timeline = new Timeline();
  timeline.add(pageData([{ 'GET /a': counters(1), 'GET /b': counters(2) }]));
  timeline.add(pageData([{ 'GET /b': counters(4), 'GET /c': counters(8) }], { next: 'two.1' }, 60_000));
  expect(requests(timeline)).toEqual({ 'GET /a': 1, 'GET /b': 6, 'GET /c': 8 });
});

it('remembers the endpoints of earlier answers', () => {
  const timeline = new Timeline();
  timeline.add(pageData([{ 'GET /a': counters(1) }]));
  // An answer without intervals names no endpoint.
  timeline.add(pageData([], { kept: [1] }));
  expect(requests(timeline)).toEqual({ 'GET /a': 1 });
});

it('shows an endpoint that is no longer listed separately as part of other', () => {
  const timeline = new Timeline();
  timeline.add(pageData([{ 'GET /a': counters(1), 'POST /b': counters(2), 'GET /c': counters(3) }]));
  timeline.add(pageData([], { kept: [3] }));
  expect(requests(timeline)).toEqual({ 'GET other': 1, 'POST other': 2, 'GET /c': 3 });
  const [interval] = timeline.intervals;
  const requestsOf = (key: string) => interval && timeline.endpointStats(interval, key)?.requests;
  expect(['GET other', 'POST other', 'GET /c', 'GET /a'].map(requestsOf)).toEqual([1, 2, 3, undefined]);
});

it('keeps the order of intervals when the clock of the service is set back or stands still', () => {
  const timeline = new Timeline();
  const times = () => timeline.intervals.map(({ at }) => at);
  timeline.add(pageData([{ 'GET /a': counters(1) }, { 'GET /a': counters(2) }], {}, 3_600_000));
  timeline.add(pageData([{ 'GET /a': counters(4) }], {}, 95_000));
  expect(times()).toEqual([90_000, 95_000, 100_000]);
  expect(requests(timeline)).toEqual({ 'GET /a': 7 });
  timeline.add(pageData([{ 'GET /a': counters(8) }], {}, 95_000));
  expect(times()).toEqual([85_000, 90_000, 95_000, 100_000]);
  expect(requests(timeline)).toEqual({ 'GET /a': 15 });
});

it('keeps the order of intervals across a restart with an earlier clock', () => {
  const timeline = new Timeline();
  timeline.add(pageData([{ 'GET /a': counters(1) }], {}, 3_600_000));
  timeline.add(pageData([], { next: 'two.0', now: 101_000 }));
  timeline.add(pageData([{ 'GET /a': counters(2) }], { next: 'two.1', now: 105_100 }, 100_000));
  expect(timeline.intervals.map(({ at }) => at)).toEqual([101_000, 105_000]);
});

it('ignores an answer that was received before', () => {
  const timeline = new Timeline();
  const first = pageData([{ 'GET /a': counters(1) }, { 'GET /a': counters(2) }]);
  for (let i = 0; i < 3; i++) timeline.add(first);
  expect(timeline.intervals.map(({ at }) => at)).toEqual([5_000, 10_000]);
  expect(requests(timeline)).toEqual({ 'GET /a': 3 });
});

it('ignores an interval that overlaps with one of another process', () => {
  const timeline = new Timeline();
  timeline.add(pageData([{ 'GET /a': counters(1) }], {}, 100_000));
  timeline.add(
    pageData([{ 'GET /a': counters(2) }, { 'GET /a': counters(4) }], { next: 'two.2', now: 111_000 }, 99_000),
  );
  expect(timeline.intervals.map(({ at }) => at)).toEqual([105_000, 109_000]);
  expect(requests(timeline)).toEqual({ 'GET /a': 5 });
});

it('drops intervals older than half an hour', () => {
  const timeline = new Timeline();
  timeline.add(pageData([{ 'GET /a': counters(1) }], {}, 100_000));
  timeline.add(pageData([{ 'GET /a': counters(5) }], {}, 105_000 + 30 * 60_000));
  expect(requests(timeline)).toEqual({ 'GET /a': 5 });
});

it('starts over when another service answers', () => {
  const timeline = new Timeline();
  timeline.add(pageData([{ 'GET /a': counters(1) }]));
  timeline.add(pageData([{ 'GET /a': counters(4) }], { service: { name: 'till', version: '1' } }, 120_000));
  expect(requests(timeline)).toEqual({ 'GET /a': 4 });
});
