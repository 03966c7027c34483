import type { BoundedValue } from '../base/histogram/histogram.ts';
import type { Judgement } from './judgement.ts';
import { isShare, shareOfAngle, toScale } from './measures.ts';
import type { Change, MeasureResult, Verdict } from './model.ts';
import { marginOf, probabilityOf } from './uncertain-error.ts';

/**
 * @property confidence  of everything together
 * @property looks       what each probability is multiplied by, because somebody looks several times
 * @property isTooShort  whether there is too little time to claim anything
 */
export interface VerdictSettings {
  readonly confidence: number;
  readonly looks: number;
  readonly isTooShort: boolean;
}

/** Corrects all judgements together, and decides the verdict of each. Keeps the order. */
export function decideVerdicts(
  all: readonly (readonly Judgement[])[],
  { confidence, looks, isTooShort }: VerdictSettings,
): MeasureResult[][] {
  const tested = isTooShort ? [] : all.flat().filter(({ difference }) => difference !== undefined);
  const corrected = holm(
    tested.map(({ difference }) =>
      difference === undefined ? 1 : Math.min(1, looks * probabilityOf(difference.estimate, difference.error)),
    ),
  );
  const pOf = new Map(tested.map((judgement, i) => [judgement, corrected[i]]));
  const intervalConfidence = 1 - (1 - confidence) / looks;
  return all.map((group) =>
    group.map((judgement) => {
      const { measure, before, after } = judgement;
      const p = pOf.get(judgement);
      const interval = intervalOf(judgement, intervalConfidence);
      const change = changeOf(judgement, interval);
      if (isTooShort) return { measure, before, after, change, p, verdict: 'too short' };
      const verdict = decideVerdict(judgement, interval, p !== undefined && p <= 1 - confidence);
      return { measure, before, after, change, p, verdict };
    }),
  );
}

interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Of the statistics alone; `changeOf` adds what the buckets leave open. */
function intervalOf({ difference }: Judgement, confidence: number): Interval {
  if (difference === undefined) return { low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY };
  const margin = marginOf(difference.error, confidence);
  return { low: difference.estimate - margin, high: difference.estimate + margin };
}

function decideVerdict({ difference }: Judgement, { low, high }: Interval, isSignificant: boolean): Verdict {
  if (difference === undefined) return 'too few requests';
  const { open } = difference;
  const isOpen = leavesNoChangeOpen(open);
  if (isOpen && open.high - open.low >= high - low) return 'below resolution';
  if (isOpen || !isSignificant) return 'no evidence';
  return difference.estimate < 0 ? 'better' : 'worse';
}

/** Where the measure is exact, no difference is known to be none. */
const leavesNoChangeOpen = ({ low, high }: Interval): boolean => low < high && low <= 0 && high >= 0;

function changeOf({ measure, before, after, difference }: Judgement, { low, high }: Interval): Change | undefined {
  if (difference === undefined || !Number.isFinite(Number(before?.value) + Number(after?.value))) return undefined;
  const { estimate, open } = difference;
  const change = isShare(measure)
    ? changeOfShare(before as BoundedValue, after as BoundedValue, (high - low) / 2)
    : changeOfSeconds(estimate, Math.min(low, open.low), Math.max(high, open.high));
  return open.isExplicit && leavesNoChangeOpen(open) ? { ...change, value: undefined } : change;
}

const changeOfSeconds = (estimate: number, low: number, high: number): BoundedValue => ({
  value: Math.expm1(estimate),
  low: Math.expm1(low),
  high: Math.expm1(high),
});

/**
 * The interval of a difference of shares from an interval of each, which has half of the variance.
 * @param margin  of the difference of the angles
 * @see Newcombe (1998), Interval estimation for the difference between independent proportions
 */
function changeOfShare(before: BoundedValue, after: BoundedValue, margin: number): BoundedValue {
  const reach = ({ value }: BoundedValue, sign: 1 | -1) =>
    shareOfAngle(toScale('slow', value) + (sign * margin) / Math.SQRT2) - value;
  const value = after.value - before.value;
  return {
    value,
    low: Math.min(value - Math.hypot(reach(after, -1), reach(before, 1)), after.low - before.high),
    high: Math.max(value + Math.hypot(reach(after, 1), reach(before, -1)), after.high - before.low),
  };
}

/**
 * Holm's correction: the probability of any wrong claim among all comparisons is at most that of a single one. Keeps
 * the order.
 * @see https://en.wikipedia.org/wiki/Holm%E2%80%93Bonferroni_method
 */
export function holm(all: readonly number[]): number[] {
  const ascending = all.map((p, i) => ({ p, i })).sort((a, b) => a.p - b.p);
  const corrected = new Array<number>(all.length);
  let largest = 0;
  ascending.forEach(({ p, i }, rank) => {
    largest = Math.max(largest, Math.min(1, p * (all.length - rank)));
    corrected[i] = largest;
  });
  return corrected;
}
