import type { BoundedValue } from '../base/histogram/histogram.ts';
import { isShare } from './measures.ts';
import type { Measure, MeasureResult, Verdict } from './model.ts';
import type { Difference } from './t-tests.ts';

/**
 * One measure before the correction for multiple comparisons.
 * @property exclusion  the verdict that needs no test; undefined where `difference` decides
 */
export interface Judgement {
  readonly measure: Measure;
  readonly before: BoundedValue | undefined;
  readonly after: BoundedValue | undefined;
  readonly exclusion: Verdict | undefined;
  readonly difference: Difference | undefined;
}

/** Corrects all judgements together, and decides the verdict of each. */
export function decideVerdicts(all: readonly (readonly Judgement[])[], confidence: number): MeasureResult[][] {
  // Percentiles below resolution count as comparisons too: which of them leave their bucket may be chance.
  const compared = all.flat().filter(({ exclusion }) => exclusion === undefined || exclusion === 'below resolution');
  const corrected = holm(
    compared.map(({ exclusion, difference }) => (exclusion === undefined ? (difference?.p ?? 1) : 1)),
  );
  const pOf = new Map(compared.map((one, i) => [one, one.exclusion === undefined ? corrected[i] : undefined]));
  return all.map((group) => group.map((judgement) => toResult(judgement, pOf.get(judgement), confidence)));
}

function toResult(judgement: Judgement, p: number | undefined, confidence: number): MeasureResult {
  const { measure, before, after, exclusion, difference } = judgement;
  return {
    measure,
    before,
    after,
    change: shownChange(judgement),
    p,
    verdict:
      exclusion ??
      decideVerdict(
        difference as Difference,
        p as number,
        confidence,
        Math.sign(Number(after?.value) - Number(before?.value)),
      ),
  };
}

function shownChange({ measure, before, after, exclusion, difference }: Judgement): BoundedValue | undefined {
  const [was, is] = [before?.value, after?.value];
  const isKnown = was !== undefined && is !== undefined && Number.isFinite(was + is) && (was > 0 || isShare(measure));
  const isHidden = exclusion === 'below resolution' || exclusion === 'too few requests';
  if (!isKnown || isHidden || difference === undefined) return undefined;
  const toChange = (scaled: number) => (isShare(measure) ? scaled : Math.expm1(scaled));
  const { estimate, low, high } = difference;
  return { value: toChange(estimate), low: toChange(low), high: toChange(high) };
}

/** @param shownSign  of the difference between all requests; without the same sign nothing is claimed */
function decideVerdict({ estimate, confirmed }: Difference, p: number, confidence: number, shownSign: number): Verdict {
  if (!confirmed || p > 1 - confidence || Math.sign(estimate) !== shownSign) return 'no evidence';
  return estimate < 0 ? 'better' : 'worse';
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
