import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Cursor, createDeltaTaker, takeDeltas } from '../../src/metrics/deltas.ts';
import type { Series } from '../../src/metrics/model.ts';
import { createProcessSeries } from '../../src/metrics/process-series.ts';
import { SeriesTable } from '../../src/metrics/series-table.ts';
import { fineOf } from '../support/histograms.ts';

const create = () => {
  const { plain, all, kinds } = createProcessSeries({ buckets: [0.1, 1], maxPaths: 10, knownMethods: ['GET'] });
  return { series: plain.requests, table: all.tables.requests, kind: kinds.requests };
};

it('gives each reader the counts since its last call, once', () => {
  const { series, table } = create();
  const [one, two] = [new Cursor(), new Cursor()];
  series.record('/a', 'GET', 200, 0.05);
  series.record('/a', 'GET', 200, 0.5);
  const [labels, other] = [
    { path: '/a', method: 'GET', status: 200 },
    { path: '/b', method: 'GET', status: 404 },
  ];
  const firstDelta = { labels, guessed: false, count: 2, sum: 0.55, buckets: [1, 1, 0], fine: fineOf(0.05, 0.5) };
  expect(takeDeltas(table, one)).toEqual([firstDelta]);
  expect(takeDeltas(table, one)).toEqual([]);
  series.record('/a', 'GET', 200, 5);
  series.record('/b', 'GET', 404, undefined);
  expect(takeDeltas(table, one)).toEqual([
    { labels, guessed: false, count: 1, sum: 5, buckets: [0, 0, 1], fine: fineOf(5) },
    { labels: other, guessed: false, count: 1, sum: 0, buckets: [0, 0, 0], fine: fineOf() },
  ]);
  expect(takeDeltas(table, two)).toEqual([
    { labels, guessed: false, count: 3, sum: 5.55, buckets: [1, 1, 1], fine: fineOf(0.05, 0.5, 5) },
    { labels: other, guessed: false, count: 1, sum: 0, buckets: [0, 0, 0], fine: fineOf() },
  ]);
});

it('does not change deltas that were taken before', () => {
  const { series, table } = create();
  const cursor = new Cursor();
  series.record('/a', 'GET', 200, 0.05);
  const [taken] = takeDeltas(table, cursor);
  series.record('/a', 'GET', 200, 0.05);
  takeDeltas(table, cursor);
  expect(taken).toMatchObject({ count: 1, buckets: [1, 0, 0], fine: fineOf(0.05) });
});

const byLabels = ({ labels: a }: Series, { labels: b }: Series) =>
  `${a.path}${a.status}`.localeCompare(`${b.path}${b.status}`);

it('gives deltas that add up to the total, at whatever times they are taken', () => {
  const request = fc.record({
    path: fc.constantFrom('/a', '/b', '/c'),
    status: fc.constantFrom(200, 500),
    seconds: fc.constantFrom(0, 0.0625, 0.5, 2),
  });
  fc.assert(
    fc.property(fc.array(fc.array(request)), (batches) => {
      const { series, table, kind } = create();
      const cursor = new Cursor();
      const sum = new SeriesTable(kind);
      for (const batch of batches) {
        for (const { path, status, seconds } of batch) series.record(path, 'GET', status, seconds);
        for (const delta of takeDeltas(table, cursor)) sum.add(delta);
      }
      expect(sum.series.toSorted(byLabels)).toEqual(table.series.toSorted(byLabels));
    }),
  );
});

it('gives the same in parts of some hundred series, each with what was counted when it was taken', () => {
  const { all, plain, kinds } = createProcessSeries({ buckets: [0.1, 1], maxPaths: 10, knownMethods: ['GET'] });
  const take = createDeltaTaker(all);
  const sum = new SeriesTable(kinds.requests);
  const recordAll = () => {
    for (let i = 0; i < 1200; i++) plain.requests.record(`/${i}`, 'GET', 200, 0.0625);
  };
  recordAll();
  const lengths: number[] = [];
  for (const { requests = [] } of take.inParts()) {
    lengths.push(requests.length);
    for (const delta of requests) sum.add(delta);
    // The series of later parts grow before they are taken, the others are taken next time.
    if (lengths.length === 1) recordAll();
    if (lengths.length === 2) break;
  }
  expect(lengths).toEqual([500, 500]);
  for (const delta of take().requests ?? []) sum.add(delta);
  expect(sum.series.toSorted(byLabels)).toEqual(all.tables.requests.series.toSorted(byLabels));
  expect([...take.inParts()]).toEqual([]);
});
