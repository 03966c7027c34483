import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Cursor, takeDeltas } from '../../src/metrics/deltas.ts';
import { createRequestTable, type RequestCounts } from '../../src/metrics/model.ts';
import { RequestSeries } from '../../src/metrics/request-series.ts';

const create = () => new RequestSeries({ buckets: [0.1, 1], knownMethods: ['GET'] });

it('gives each reader the counts since its last call, once', () => {
  const series = create();
  const [one, two] = [new Cursor(), new Cursor()];
  series.record('/a', 'GET', 200, 0.05);
  series.record('/a', 'GET', 200, 0.5);
  const labels = { path: '/a', method: 'GET', status: 200 };
  const firstDelta = { ...labels, requests: 2, seconds: 0.55, counts: [1, 1, 0] };
  expect(takeDeltas(series.table, one)).toEqual([firstDelta]);
  expect(takeDeltas(series.table, one)).toEqual([]);
  series.record('/a', 'GET', 200, 5);
  series.record('/b', 'GET', 404, undefined);
  expect(takeDeltas(series.table, one)).toEqual([
    { ...labels, requests: 1, seconds: 5, counts: [0, 0, 1] },
    { path: '/b', method: 'GET', status: 404, requests: 1, seconds: 0, counts: [0, 0, 0] },
  ]);
  expect(takeDeltas(series.table, two)).toEqual([
    { ...labels, requests: 3, seconds: 5.55, counts: [1, 1, 1] },
    { path: '/b', method: 'GET', status: 404, requests: 1, seconds: 0, counts: [0, 0, 0] },
  ]);
});

it('does not change deltas that were taken before', () => {
  const series = create();
  const cursor = new Cursor();
  series.record('/a', 'GET', 200, 0.05);
  const [taken] = takeDeltas(series.table, cursor);
  series.record('/a', 'GET', 200, 0.05);
  takeDeltas(series.table, cursor);
  expect(taken).toMatchObject({ requests: 1, counts: [1, 0, 0] });
});

it('gives deltas that add up to the total, at whatever times they are taken', () => {
  const request = fc.record({
    path: fc.constantFrom('/a', '/b', '/c'),
    status: fc.constantFrom(200, 500),
    seconds: fc.constantFrom(0.0625, 0.5, 2),
  });
  fc.assert(
    fc.property(fc.array(fc.array(request)), (batches) => {
      const series = create();
      const cursor = new Cursor();
      const sum = createRequestTable();
      for (const batch of batches) {
        for (const { path, status, seconds } of batch) series.record(path, 'GET', status, seconds);
        for (const delta of takeDeltas(series.table, cursor)) sum.add(delta);
      }
      const byLabels = (a: RequestCounts, b: RequestCounts) =>
        `${a.path}${a.status}`.localeCompare(`${b.path}${b.status}`);
      expect(sum.series.toSorted(byLabels)).toEqual(series.table.series.toSorted(byLabels));
    }),
  );
});
