import type { Method } from '../model.ts';
import { BATCHES, type Judge, judgePeriods, judgeRounds, judgeVersions, MIN_PAIRS, placeboWindows } from './judges.ts';

/**
 * One way of judging a difference.
 * @property minBlocks  with fewer blocks nothing is claimed
 * @property remedy     what to do with too few blocks
 * @property describe   explains the method to the reader of a result
 */
interface MethodDescription {
  readonly judge: Judge;
  minBlocks(confidence: number): readonly [before: number, after: number];
  readonly remedy: string;
  describe(confidence: number): string;
}

const MIN_VERSION_BLOCKS = 5;

const CORRECTION_NOTE =
  'Verdicts are Holm-corrected: over all endpoints together, and over the percentiles of the service. Intervals are not corrected. Percentiles are of all requests together, interpolated within buckets; two in the same bucket cannot be told apart. The change is a mean over blocks, so it may differ from the ratio of the two percentiles. A tail needs 10 requests.';

export const METHODS: Readonly<Record<Method, MethodDescription>> = {
  rounds: {
    judge: judgeRounds,
    minBlocks: () => [MIN_PAIRS, MIN_PAIRS],
    remedy: 'give more --rounds',
    describe: (confidence) =>
      `Rounds: both ran alternately under the same load. Each round gives the difference of the logarithms of a percentile; ${formatPercent(confidence)} intervals and p are by Student's t of these differences. ${CORRECTION_NOTE}`,
  },
  periods: {
    judge: judgePeriods,
    minBlocks: (confidence) => [placeboWindows(confidence).min, BATCHES],
    remedy: 'record more with apm snapshot --out before/',
    describe(confidence) {
      const { min, wanted } = placeboWindows(confidence);
      const windows = min === wanted ? min : `${min} to ${wanted}`;
      return `Periods: one after the other, so the difference includes everything else that changed. Two tests must agree: batch means (${BATCHES} per side, Welch's t of the logarithms, ${formatPercent(confidence)} intervals) and an A/A placebo (how often one of ${windows} windows of the baseline differs as much from the others). ${CORRECTION_NOTE}`;
    },
  },
  versions: {
    judge: judgeVersions,
    minBlocks: () => [MIN_VERSION_BLOCKS, MIN_VERSION_BLOCKS],
    remedy: 'give a longer --since',
    describe: (confidence) =>
      `Versions: both ran at the same time. Each stretch of time gives the difference of the logarithms of a percentile; ${formatPercent(confidence)} intervals and p are by Student's t of these differences. ${CORRECTION_NOTE}`,
  },
};

/** `95 %`. */
export const formatPercent = (share: number): string => `${Number((share * 100).toFixed(3))} %`;
