import { afterEach, expect, it, vi } from 'vitest';
import { describeOutcome, describeSides, formatValues, toneOf } from '../../../src/page/browser/text/outcome.ts';
import type { MeasureResult } from '../../../src/statistics/model.ts';
import { comparisonOf, exactly, resultOf } from './comparison.ts';

afterEach(() => {
  vi.unstubAllGlobals();
  vi.resetModules();
});

const few = { value: -0.029, low: -0.035, high: -0.022 };

/** Each with what the page shows, and in which tone. */
const RESULTS: readonly [Partial<MeasureResult>, values: string, outcome: string, tone: string][] = [
  [{}, '20 ms → 18 ms', 'faster: −10% (−15% to −4%)', 'good'],
  [
    { after: exactly(0.03), change: { value: 0.5, low: 0.2, high: 0.9 }, verdict: 'worse' },
    '20 ms → 30 ms',
    'slower: +50% (+20% to +90%)',
    'bad',
  ],
  [
    { change: { value: -0.05, low: -0.15, high: 0.06 }, verdict: 'no evidence' },
    '20 ms → 18 ms',
    'no evidence: −5% (−15% to +6%)',
    'quiet',
  ],
  [
    { change: { value: -0.77, low: -1, high: 1200 }, verdict: 'no evidence' },
    '20 ms → 18 ms',
    'no evidence: −77% (−100% to over +1,000%)',
    'quiet',
  ],
  [
    { change: { value: 0.5, low: -0.2, high: Number.POSITIVE_INFINITY }, verdict: 'no evidence' },
    '20 ms → 18 ms',
    'no evidence: +50% (−20% to no limit)',
    'quiet',
  ],
  [
    { change: { value: undefined, low: -0.15, high: 0.06 }, verdict: 'no evidence' },
    '20 ms → 18 ms',
    'no evidence: −15% to +6%',
    'quiet',
  ],
  [
    { measure: 'slow', before: exactly(0.03), after: exactly(0.001), change: few },
    '3% → 0.1%',
    'fewer: −2.9 pp (−3.5 to −2.2)',
    'good',
  ],
  [
    {
      measure: 'errors',
      before: exactly(0),
      after: exactly(0.022),
      change: { value: 0.022, low: 0.01, high: 0.03 },
      verdict: 'worse',
    },
    '0% → 2.2%',
    'more: +2.2 pp (+1 to +3)',
    'bad',
  ],
  [
    { measure: 'errors', before: exactly(0), after: exactly(0), change: undefined, verdict: 'too few requests' },
    '0% → 0%',
    '',
    'quiet',
  ],
  [
    { measure: 'slow', before: exactly(0.0001), after: exactly(0), change: undefined, verdict: 'too few requests' },
    '0.01% → 0%',
    'too few to compare',
    'quiet',
  ],
  [{ before: undefined, change: undefined, verdict: 'too few requests' }, '– → 18 ms', 'too few requests', 'quiet'],
  [{ change: undefined, verdict: 'below resolution' }, '20 ms → 18 ms', 'below resolution', 'quiet'],
];

it.each(RESULTS)('shows the result %o', (overrides, values, outcome, tone) => {
  const result = resultOf(overrides);
  expect([formatValues(result), describeOutcome(result, comparisonOf(result)), toneOf(result)]).toEqual([
    values,
    outcome,
    tone,
  ]);
});

it.each([
  { value: -0.87, low: -0.97, high: 0 },
  { value: 0.88, low: 0, high: 3 },
  { value: -0.1, low: -0.3, high: 0.1 },
])('colours no change whose interval touches 0: %o', (change) => {
  for (const verdict of ['better', 'worse'] as const) expect(toneOf(resultOf({ change, verdict }))).toBe('quiet');
});

const tooShort = resultOf({ change: undefined, verdict: 'too short' });

const timeless = (lines: readonly string[]) => lines.map((line) => line.replaceAll(/\d\d:\d\d:\d\d/g, 'time'));

it('says how much time is needed, and that more time before the mark needs another mark', () => {
  const block = (from: number, to: number) => [{ from, to, endpoints: new Map() }];
  const comparison = comparisonOf(tooShort, {
    sides: [
      { name: 'before', blocks: block(0, 236) },
      { name: 'after', blocks: block(236, 266) },
    ],
    durations: [
      { seconds: 211, needed: 565 },
      { seconds: 30, needed: 150 },
    ],
    leftOut: [25, 0],
  });
  const few = resultOf({ verdict: 'too few requests' });
  for (const result of [tooShort, few]) {
    expect(describeOutcome(result, comparison)).toBe('too short');
  }
  expect(timeless(describeSides(comparison))).toEqual([
    'before: time – time, 3.9 min. 25 s of start-up is left out. Needed: 9.5 min; let the service run, then set another mark.',
    'after: time – time, 30 s. Needed: 2.5 min; the comparison goes on by itself.',
  ]);
});

it('says which time the table is of, and when the next look is', () => {
  const comparison = comparisonOf(resultOf(), {
    durations: [
      { seconds: 600, needed: 120 },
      { seconds: 480, needed: 60 },
    ],
  });
  expect(timeless(describeSides(comparison))).toEqual([
    'before: time – time, 10 min.',
    'after: time – time, 10 min. The table is of the first 8 min; the next look is at 16 min.',
  ]);
});

it('says the same in Korean', async () => {
  vi.stubGlobal('navigator', { languages: ['ko-KR', 'en'] });
  vi.resetModules();
  const korean = await import('../../../src/page/browser/text/outcome.ts');
  const outcomes = RESULTS.map(([overrides]) => resultOf(overrides)).map((result) =>
    korean.describeOutcome(result, comparisonOf(result)),
  );
  expect(outcomes).toEqual([
    '빨라짐: −10% (−15% ~ −4%)',
    '느려짐: +50% (+20% ~ +90%)',
    '변화 근거 없음: −5% (−15% ~ +6%)',
    '변화 근거 없음: −77% (−100% ~ +1,000% 초과)',
    '변화 근거 없음: +50% (−20% ~ 상한 없음)',
    '변화 근거 없음: −15% ~ +6%',
    '줄어듦: −2.9%p (−3.5 ~ −2.2)',
    '늘어남: +2.2%p (+1 ~ +3)',
    '',
    '비교하기에 너무 적음',
    '요청 부족',
    '해상도 미만',
  ]);
  const durations = [
    { seconds: 600, needed: 95 },
    { seconds: 30, needed: 150 },
  ] as const;
  expect(korean.describeOutcome(tooShort, { durations })).toBe('시간 부족');
  const lines = korean.describeSides(comparisonOf(tooShort, { durations }));
  expect(timeless(lines)[1]).toBe('이후: time ~ time, 10분. 2.5분 필요. 비교는 자동으로 계속됩니다.');
});
