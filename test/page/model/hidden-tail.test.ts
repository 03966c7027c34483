import { expect, it } from 'vitest';
import { EncodedStats } from '../../../src/page/browser/model/request-stats.ts';
import { RequestTotals } from '../../../src/page/browser/model/request-totals.ts';
import { describeTail } from '../../../src/page/browser/text/format.ts';
import { korean } from '../../../src/page/browser/text/korean.ts';
import { hiddenTail } from '../../../src/statistics/hidden-tail.ts';
import { countersOf } from './page-data.ts';

/** The totals of an endpoint. @param groups how many requests take how many seconds */
function totalsOf(...groups: readonly (readonly [requests: number, seconds: number])[]): RequestTotals {
  const seconds = groups.flatMap(([requests, value]) => Array.from({ length: requests }, () => value));
  return new RequestTotals().add(EncodedStats.decode(countersOf(seconds)));
}

const tailOf = (totals: RequestTotals) => hiddenTail(totals);

it.each([
  [
    '3 in 100',
    [
      [970, 0.0183],
      [30, 2.15],
    ],
    '3 in 100 requests take about 2.16 s; the median is 18.4 ms',
  ],
  [
    '1 in 100',
    [
      [990, 0.0183],
      [10, 2.15],
    ],
    '1 in 100 requests takes about 2.16 s; the median is 18.4 ms',
  ],
  [
    '5 in 1,000',
    [
      [1990, 0.02],
      [10, 3],
    ],
    '5 in 1,000 requests take about 2.99 s; the median is 20 ms',
  ],
  [
    '2 in 10',
    [
      [800, 0.004],
      [200, 1.2],
    ],
    '2 in 10 requests take about 1.2 s; the median is 4.04 ms',
  ],
  [
    'sub-millisecond answers',
    [
      [960, 0.00059],
      [40, 0.15],
    ],
    '4 in 100 requests take about 150 ms; the median is 0.587 ms',
  ],
] as const)('says the share that is slow: %s', (_, groups, sentence) => {
  const tail = tailOf(totalsOf(...groups));
  expect(tail && describeTail(tail)).toBe(sentence);
});

it('says what is true of 1 in 100 when the slow requests are not apart from the others', () => {
  // From 20 ms to 2 s, fewer and fewer.
  const spread = Array.from({ length: 40 }, (_, i) => [Math.ceil(300 * 0.85 ** i), 0.02 * 1.125 ** i] as const);
  const tail = tailOf(totalsOf([3_000, 0.019], ...spread));
  expect(tail && describeTail(tail)).toMatch(/^1 in 100 requests takes \d+ ms or longer; the median is 19(\.\d)? ms$/);
});

it.each([
  ['a constant duration', [[1000, 1.2]]],
  [
    'two halves',
    [
      [500, 0.01],
      [500, 2],
    ],
  ],
  [
    'slow requests below 100 ms',
    [
      [970, 0.001],
      [30, 0.05],
    ],
  ],
  [
    'slow requests that the mean shows too',
    [
      [700, 0.1],
      [300, 2],
    ],
  ],
  [
    'one slow request of 103',
    [
      [102, 0.01],
      [1, 2],
    ],
  ],
  [
    'too few requests',
    [
      [9, 0.01],
      [1, 2],
    ],
  ],
] as const)('marks no tail of %s', (_, groups) => {
  expect(tailOf(totalsOf(...groups))).toBeUndefined();
});

it('says it in Korean', () => {
  expect(korean.tail(3, '100', '2.15 s', '18.3 ms')).toBe('요청 100건 중 3건은 약 2.15 s, 중앙값은 18.3 ms');
});
