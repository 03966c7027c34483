import { afterEach, expect, it, vi } from 'vitest';
import type { Period } from '../../../src/page/browser/model/batches.ts';
import { Marks } from '../../../src/page/browser/model/marks.ts';
import { Timeline } from '../../../src/page/browser/model/timeline.ts';
import { counters, pageData } from './page-data.ts';

afterEach(() => vi.unstubAllGlobals());

const add = (timeline: Timeline, version: string, requests: number, number: number) =>
  timeline.add(
    pageData(
      [{ 'GET /a': counters(requests) }],
      { next: `${version}.${number}`, now: number * 5_000, service: { name: 'shop', version } },
      (number - 1) * 5_000,
    ),
  );

/** The marks after a series of intervals. */
function marksAfter(...intervals: readonly (readonly [version: string, requests: number])[]): Marks {
  const timeline = new Timeline();
  const marks = new Marks(timeline);
  intervals.forEach(([version, requests], i) => {
    add(timeline, version, requests, i + 1);
    marks.detectVersionChange();
  });
  return marks;
}

const requestsIn = (period: Period | undefined) =>
  period?.batches.reduce((sum, batch) => sum + (batch['GET /a']?.[0] ?? 0), 0);

it('compares a version with the one before it, also after a rollback', () => {
  const marks = marksAfter(['1', 1], ['1', 2], ['2', 4], ['2', 8], ['1', 16], ['3', 32], ['3', 64]);
  expect(marks.all.map((mark) => [mark.name, mark.at, requestsIn(mark.before), requestsIn(marks.after(mark))])).toEqual(
    [
      ['1 → 2', 10_000, 3, 4 + 8 + 16 + 32 + 64],
      ['2 → 1', 20_000, 12, 16 + 32 + 64],
      ['1 → 3', 25_000, 16, 32 + 64],
    ],
  );
});

/** Creates the storage of a browser. @param stored  what it contains for the service */
function storage(stored: unknown): Map<string, string> {
  const items = new Map([['apm shop', JSON.stringify(stored)]]);
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => items.set(key, value),
  });
  return items;
}

it('stores marks, and reads them again', () => {
  const items = storage(null);
  const marks = marksAfter(['1', 1], ['2', 4]);
  marks.save();
  const stored = JSON.parse(items.get('apm shop') ?? '');
  expect(stored.marks[0].before.batches.filter((batch: object) => 'GET /a' in batch)).toEqual([
    { 'GET /a': counters(1) },
  ]);
  expect(marksAfter(['2', 8]).all).toEqual(marks.all);
});

it('drops marks that an earlier version of the page stored: their buckets are too wide', () => {
  const before = { from: 0, to: 5_000, bounds: [0.1, 0.2, 0.5, 1], batches: [{ 'GET /a': [7, 1, 2, 0.7, 1, 3, 4] }] };
  storage({ marks: [{ name: 'deploy', at: 5_000, before }], last: { version: '1', before } });
  expect(marksAfter(['2', 1]).all).toEqual([]);
});

it.each([
  ['text that is not JSON', '{'],
  ['marks of an unknown shape', '{"marks":[{"name":"a","at":1,"before":{}}],"last":{"version":"1","before":{}}}'],
])('starts without marks when the browser has stored %s', (_, text) => {
  storage(null).set('apm shop', text);
  expect(marksAfter(['1', 1]).all).toEqual([]);
});
