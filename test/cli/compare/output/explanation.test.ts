import { expect, it } from 'vitest';
import { explain } from '../../../../src/cli/compare/output/explanation.ts';
import { toScale } from '../../../../src/statistics/measures.ts';
import { comparison } from './comparison.ts';

it('says what each method needs, in its own unit', () => {
  const needsOf = (method: 'rounds' | 'periods' | 'versions') =>
    explain(comparison({ method }))[0]?.match(/Needed: .*/)?.[0];
  expect([needsOf('rounds'), needsOf('periods'), needsOf('versions')]).toEqual([
    'Needed: 3 rounds, or more.',
    'Needed: 9.5 min of before and 2.5 min of after, or more.',
    'Needed: 9.5 min of before and 2.5 min of after, or more.',
  ]);
});

it('speaks of rounds and windows, and never of blocks', () => {
  const text = (['rounds', 'periods', 'versions'] as const).flatMap((method) => explain(comparison({ method })));
  expect(text.join('\n')).not.toContain('block');
});

it('says how certain verdicts are with all digits', () => {
  expect(explain(comparison({ confidence: 0.999999999999 })).find((text) => text.startsWith('Correction.'))).toMatch(
    /the chance of any claim is 1e-10 % at most\. Each interval holds at 99\.9999999999 % by itself/,
  );
});

it('says on which scale shares are compared, and in which unit their change is printed', () => {
  expect(explain(comparison()).find((text) => text.startsWith('Scale.'))).toBe(
    'Scale. Durations are compared by their logarithms, so their change is relative. Shares are compared on the arcsine scale: by the angle whose sine is the square root of the share. There, chance is as large for rare requests as for frequent ones, and a share of 0 has a place. For the test, each side has one more request of either kind, because no failure among a few requests does not prove that there is none. The change of a share is printed as a difference in percentage points.',
  );
  expect(Math.sin(toScale('slow', 0.09))).toBeCloseTo(Math.sqrt(0.09), 12);
  expect(toScale('mean', 2) - toScale('mean', 1)).toBeCloseTo(Math.log(2), 12);
});

it('says in rounds or in windows where requests are needed', () => {
  const requests = (method: 'rounds' | 'versions') => explain(comparison({ method })).at(-1);
  expect(requests('rounds')).toBe(
    'Requests. A percentile needs 10 requests above it on each side (p50 20, p90 100, p99 1,000); in 3 rounds p50 needs 10, p90 30 and p99 300. The mean and the shares need 10 requests in 3 rounds. A share also needs 10 slow or failed requests, on both sides together.',
  );
  expect(requests('versions')).toBe(
    'Requests. A percentile needs 10 requests above it on each side (p50 20, p90 100, p99 1,000); in each window p50 needs 10, p90 30 and p99 300. The mean and the shares need 10 requests in each window. A share also needs 10 slow or failed requests, on both sides together.',
  );
});
