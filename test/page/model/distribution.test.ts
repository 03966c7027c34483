import { expect, it } from 'vitest';
import { distributionRows } from '../../../src/page/browser/model/distribution.ts';
import { histogramOf } from '../support/durations.ts';

/** Rows with requests, with rounded bounds in milliseconds. */
const filled = (seconds: readonly number[]) =>
  distributionRows(histogramOf(seconds))
    .filter(({ count }) => count > 0)
    .map(({ low, high, count, percentiles }) => [
      Number((low * 1000).toPrecision(3)),
      Number((high * 1000).toPrecision(3)),
      count,
      percentiles.join(),
    ]);

const times = (count: number, seconds: number) => new Array<number>(count).fill(seconds);

it('shows a constant duration as one narrow row', () => {
  expect(filled(times(1000, 1.2))).toEqual([[1190, 1220, 1000, 'p50,p90,p99']]);
});

it('shows two groups with the empty rows between them', () => {
  const rows = distributionRows(histogramOf([...times(970, 0.02), ...times(30, 2)]));
  expect(filled([...times(970, 0.02), ...times(30, 2)])).toEqual([
    [18.6, 22.1, 970, 'p50,p90'],
    [1680, 2000, 30, 'p99'],
  ]);
  expect(rows.length).toBe(27);
});

it('shows durations below a millisecond, and those too short to be measured', () => {
  expect(filled([...times(500, 0.00059), 0])).toEqual([
    [0, 0, 1, ''],
    [0.581, 0.593, 500, 'p50,p90,p99'],
  ]);
});

it('has at most 31 rows of equal width on a logarithmic scale, for any distribution', () => {
  const rows = distributionRows(histogramOf(Array.from({ length: 5_000 }, (_, i) => 2 ** (-20 + i / 135))));
  expect(rows.length).toBeLessThanOrEqual(31);
  const ratios = rows.map(({ low, high }) => high / low);
  for (const ratio of ratios) expect(ratio).toBeCloseTo(ratios[0] as number, 6);
  expect(rows.reduce((sum, { count }) => sum + count, 0)).toBe(5_000);
});

it('has no rows without requests', () => {
  expect(distributionRows(histogramOf([]))).toEqual([]);
});
