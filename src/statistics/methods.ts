import { driftError, type WindowValues } from './drift.ts';
import { meanOf } from './mean.ts';
import {
  isMeasurable,
  isShare,
  likelyShare,
  measureOf,
  sampleSize,
  scaledMeasure,
  toScale,
  unitVariance,
} from './measures.ts';
import type { Block, EndpointTotals, Measure, Method } from './model.ts';
import { independentError, type UncertainError } from './uncertain-error.ts';
import { type Series, windowCounts } from './windows.ts';

/** One measure of one endpoint, or of the service. */
export interface Question {
  readonly before: Series;
  readonly after: Series;
  readonly measure: Measure;
  readonly objective: number;
}

/** The mean over windows of the difference on the scale of the measure, and its error. */
interface WindowDifference {
  readonly difference: number;
  readonly error: UncertainError;
}

/**
 * One way of judging a difference.
 * @property needed  seconds and blocks of each side; with less, nothing is claimed
 * @property judge   undefined with too few requests
 */
interface MethodDescription {
  readonly needed: readonly [before: Need, after: Need];
  counts(blocks: readonly Block[]): readonly number[];
  judge(question: Question): WindowDifference | undefined;
}

interface Need {
  readonly seconds: number;
  readonly blocks: number;
}

/** With fewer pairs, a t-test has no meaning. */
const MIN_PAIRS = 3;
/** How probable it is that a machine does not drift; and that two do not drift apart, which serve at the same time. */
const STEADINESS = { periods: 0.1, versions: 0.6 };

export const METHODS: Readonly<Record<Method, MethodDescription>> = {
  rounds: {
    needed: [
      { seconds: 0, blocks: MIN_PAIRS },
      { seconds: 0, blocks: MIN_PAIRS },
    ],
    counts: ({ length }) => [length],
    judge: judgeRounds,
  },
  periods: {
    needed: [
      { seconds: 120, blocks: 6 },
      { seconds: 60, blocks: 4 },
    ],
    counts: ({ length }) => windowCounts(length),
    judge: judgePeriods,
  },
  versions: {
    needed: [
      { seconds: 120, blocks: 6 },
      { seconds: 120, blocks: 6 },
    ],
    counts: ({ length }) => windowCounts(length),
    judge: judgeVersions,
  },
};

/** Round i of one side belongs to round i of the other. Rounds that have too few requests are left out. */
function judgeRounds({ before, after, measure, objective }: Question): WindowDifference | undefined {
  const [rounds = 0] = before.counts;
  const [all, others] = [before.windows(rounds), after.windows(rounds)];
  const differences = all.flatMap((was, i) => {
    const is = others[i] as EndpointTotals;
    return isMeasurable(measure, was) && isMeasurable(measure, is)
      ? [scaledMeasure(measure, is, objective) - scaledMeasure(measure, was, objective)]
      : [];
  });
  if (differences.length < MIN_PAIRS) return undefined;
  return { difference: meanOf(differences), error: independentError(differences) };
}

/** One side after the other. Each has its own windows. */
function judgePeriods({ before, after, measure, objective }: Question): WindowDifference | undefined {
  const [was, is] = [before, after].map((series) => {
    const count = series.counts.find((each) => isAllMeasurable(measure, series, each));
    return count === undefined ? undefined : windowValues(measure, series, count, objective);
  });
  if (was === undefined || is === undefined) return undefined;
  return { difference: meanOf(is.values) - meanOf(was.values), error: driftError([was, is], STEADINESS.periods) };
}

/** Both sides in the same windows. What changes both in the same way is no difference. */
function judgeVersions({ before, after, measure, objective }: Question): WindowDifference | undefined {
  const count = before.counts.find((each) => [before, after].every((series) => isAllMeasurable(measure, series, each)));
  if (count === undefined) return undefined;
  const was = windowValues(measure, before, count, objective);
  const is = windowValues(measure, after, count, objective);
  const values = is.values.map((value, i) => value - (was.values[i] as number));
  const noises = is.noises.map((noise, i) => noise + (was.noises[i] as number));
  return { difference: meanOf(values), error: driftError([{ ...was, values, noises }], STEADINESS.versions) };
}

const isAllMeasurable = (measure: Measure, series: Series, count: number): boolean =>
  series.windows(count).every((totals) => isMeasurable(measure, totals));

function windowValues(measure: Measure, series: Series, count: number, objective: number): WindowValues {
  const windows = series.windows(count);
  const variance = unitVariance(measure, series.whole);
  const noises = windows.map((totals) => variance / sampleSize(measure, totals));
  const seconds = series.seconds / count;
  if (!isShare(measure)) {
    const values = windows.map((totals) => scaledMeasure(measure, totals, objective));
    return { values, noises, seconds, loading: 1, isNoiseKnown: false };
  }
  // The mean angle of windows with few events is not that of all. Near the share of all, the angle is a straight line.
  const share = likelyShare(measure, series.whole, objective);
  const spread = Math.sqrt(share * (1 - share));
  const all = measureOf(measure, series.whole, objective)?.value ?? 0;
  return {
    values: windows.map(
      (totals) => toScale(measure, share) + ((measureOf(measure, totals, objective)?.value ?? 0) - all) / (2 * spread),
    ),
    noises,
    seconds,
    // Where everything takes 10 % longer, the odds of a share change in proportion to themselves.
    loading: spread / 2,
    isNoiseKnown: true,
  };
}
