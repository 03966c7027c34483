import { expect, it } from 'vitest';
import { spentBy } from '../../../src/page/browser/model/time-spent.ts';
import { Timeline } from '../../../src/page/browser/model/timeline.ts';
import type { PageData, TimeSpentRow } from '../../../src/page/protocol.ts';
import { countersOf, pageData } from './page-data.ts';

/** An answer with one interval. @param timeSpent by the ids of the endpoints, which are numbered from 1 */
function answer(requests: Readonly<Record<string, readonly number[]>>, timeSpent: readonly TimeSpentRow[]): PageData {
  const counters = Object.entries(requests).map(([key, seconds]) => [key, countersOf(seconds)] as const);
  const data = pageData([Object.fromEntries(counters)]);
  return { ...data, intervals: data.intervals.map((interval) => ({ ...interval, timeSpent })) };
}

it('shows what the time of an endpoint went to, most first: of all requests, of each, and of the slow ones', () => {
  const timeline = new Timeline();
  timeline.add(
    answer({ 'GET /a': [0.1, 0.3], 'GET /b': [9] }, [
      ['code', 0, 1, 0.1, 2, 8],
      ['payments', 0, 1, 0.3],
      ['unseen', 1, 2, 1],
    ]),
  );
  timeline.add(
    answer({ 'GET /a': [1.6] }, [
      ['payments', 1, 1, 1.2],
      ['postgresql db', 1, 1, 0.4],
    ]),
  );
  const rounded = spentBy(timeline, timeline.intervals, 'GET /a').map(({ on, ...values }) => [
    on,
    ...Object.values(values).map((value) => value && Number(value.toPrecision(3))),
  ]);
  expect(rounded).toEqual([
    ['payments', 0.75, 0.5, 0.75],
    ['postgresql db', 0.2, 0.133, 0.25],
    ['code', 0.05, 0.0333, 0],
  ]);
  expect(spentBy(timeline, timeline.intervals, 'GET /c')).toEqual([]);
});

it('says nothing of slow requests where none was slow', () => {
  const timeline = new Timeline();
  timeline.add(answer({ 'GET /a': [0.1] }, [['code', 0, 1, 0.1]]));
  expect(spentBy(timeline, timeline.intervals, 'GET /a')).toEqual([
    { on: 'code', share: 1, perRequest: 0.1, slowShare: undefined },
  ]);
});

it('adds the time of endpoints that are not listed any more to that of other', () => {
  const timeline = new Timeline();
  const data = answer({ 'GET /a': [1], 'GET /b': [2], 'POST /b': [4], 'GET other': [3] }, [
    ['code', 0, 1, 1, 2, 2, 3, 4, 4, 3],
  ]);
  timeline.add({ ...data, kept: [1, 4] });
  const seconds = (key: string) => spentBy(timeline, timeline.intervals, key).map(({ perRequest }) => perRequest);
  expect(seconds('GET /a')).toEqual([1]);
  expect(seconds('GET other')).toEqual([2.5]);
  expect(seconds('POST other')).toEqual([4]);
});
