import type { BoundedValue } from '../base/histogram/histogram.ts';
import { decisiveRequests, isShare, measureOf, sampleSize, scaledMeasure, toScale, unitVariance } from './measures.ts';
import { METHODS, type Question } from './methods.ts';
import type { Measure, Method } from './model.ts';
import { mapPair } from './pair.ts';
import { addError, type UncertainError } from './uncertain-error.ts';

/** Fewer are chance: of a percentile, above it on each side; of a share, on both sides together. */
const MIN_DECISIVE_REQUESTS = 10;

/** Of floating-point sums: smaller differences are none. */
const ROUNDING_ERROR = 1e-9;

/**
 * One measure before the correction for everything that is looked at.
 * @property difference  on the scale of the measure; undefined with too few requests
 * @property open        the differences that the buckets of the source leave open; `isExplicit` where these are not fine
 */
export interface Judgement {
  readonly measure: Measure;
  readonly before: BoundedValue | undefined;
  readonly after: BoundedValue | undefined;
  readonly difference:
    | {
        readonly estimate: number;
        readonly error: UncertainError;
        readonly open: { readonly low: number; readonly high: number; readonly isExplicit: boolean };
      }
    | undefined;
}

/** The estimate is the difference of all requests, as it is shown. Its error is that of the windows. */
export function judgeMeasure(method: Method, question: Question): Judgement {
  const { measure, objective } = question;
  const wholes = [question.before.whole, question.after.whole] as const;
  const [before, after] = mapPair(wholes, (totals) => measureOf(measure, totals, objective));
  const decisive = mapPair(wholes, (totals) => decisiveRequests(measure, totals, objective));
  const enough = isShare(measure) ? decisive[0] + decisive[1] : Math.min(...decisive);
  const found = enough < MIN_DECISIVE_REQUESTS - 1e-6 ? undefined : METHODS[method].judge(question);
  if (found === undefined || before === undefined || after === undefined)
    return { measure, before, after, difference: undefined };
  const [was, is] = mapPair(wholes, (totals) => scaledMeasure(measure, totals, objective));
  const sampling = mapPair(wholes, (totals) => unitVariance(measure, totals) / sampleSize(measure, totals));
  const estimate = Math.abs(is - was) < ROUNDING_ERROR ? 0 : is - was;
  return {
    measure,
    before,
    after,
    difference: {
      estimate,
      // A few windows with most of the requests count more in the whole than they do in the mean over windows.
      error: addError(found.error, estimate - found.difference, Math.sqrt(sampling[0] + sampling[1])),
      open: {
        low: toScale(measure, after.low) - toScale(measure, before.high),
        high: toScale(measure, after.high) - toScale(measure, before.low),
        isExplicit: wholes.some(({ histogram }) => !histogram.isFine),
      },
    },
  };
}
