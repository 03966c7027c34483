import { quantile, totalCount } from '../../../base/histogram.ts';
import type { Block, Side } from '../model.ts';
import type { CountsOf } from './mix-standardisation.ts';
import { type Difference, pairedTTest, placeboP, welchTTest } from './t-tests.ts';

/** One percentile of one endpoint, or of the service. */
export interface QuantileQuestion {
  readonly before: Side;
  readonly after: Side;
  readonly countsBefore: CountsOf;
  readonly countsAfter: CountsOf;
  readonly q: number;
  readonly confidence: number;
}

/** @returns undefined with too few requests */
export type Judge = (question: QuantileQuestion) => Difference | undefined;

/** Batches of a period. Few and long ones, so that slow changes appear as differences between batches. */
export const BATCHES = 5;
/** With fewer pairs, a t-test has no meaning. */
export const MIN_PAIRS = 3;
/** Pairs of blocks of two versions: the first number of pairs for which every block has the percentile. */
const PAIR_COUNTS = [12, 8, 5];

/** Numbers of placebo windows: fewer than `min` cannot show what happens by chance once in 20 (at 95 %). */
export const placeboWindows = (confidence: number): { min: number; wanted: number } => {
  const min = Math.max(19, Math.ceil(1 / (1 - confidence) - 1e-6) - 1);
  return { min, wanted: Math.max(24, min) };
};

/** Round i of one side belongs to round i of the other. */
export const judgeRounds: Judge = (question) => {
  const { before, after, countsBefore, countsAfter } = question;
  const rounds = Math.min(before.blocks.length, after.blocks.length);
  return comparePairs(
    question,
    Array.from({ length: rounds }, (_, i) => [
      countsBefore([before.blocks[i] as Block]),
      countsAfter([after.blocks[i] as Block]),
    ]),
  );
};

/** Pairs the same stretch of time on both sides. The stretches are longer where short ones have too few requests. */
export const judgeVersions: Judge = (question) => {
  const { before, after, countsBefore, countsAfter, q } = question;
  let pairs: [readonly number[], readonly number[]][] = [];
  for (const count of PAIR_COUNTS) {
    const windowsAfter = cutWindows(after.blocks, count);
    pairs = cutWindows(before.blocks, count).map((blocks, i) => [
      countsBefore(blocks),
      countsAfter(windowsAfter[i] as Block[]),
    ]);
    if (pairs.flat().every((counts) => logQuantile(counts, before.bounds, q) !== undefined)) break;
  }
  return comparePairs(question, pairs);
};

/** Batch means. The placebo must confirm the difference. */
export const judgePeriods: Judge = ({ before, after, countsBefore, countsAfter, q, confidence }) => {
  const cut = (side: Side, countsOf: CountsOf, windows: number) =>
    logQuantiles(cutWindows(side.blocks, windows).map(countsOf), side.bounds, q);
  const [batchesBefore, batchesAfter] = [cut(before, countsBefore, BATCHES), cut(after, countsAfter, BATCHES)];
  const { min, wanted } = placeboWindows(confidence);
  let baseline: number[] | undefined;
  // As many windows as possible, as long as each of them has the percentile.
  for (let windows = Math.min(wanted, before.blocks.length); windows >= min && !baseline; windows--) {
    baseline = cut(before, countsBefore, windows);
  }
  if (batchesBefore === undefined || batchesAfter === undefined || baseline === undefined) return undefined;
  const isRare = placeboP(baseline, batchesAfter) <= 1 - confidence + 1e-9;
  return { ...welchTTest(batchesBefore, batchesAfter, confidence), confirmed: isRare };
};

/** Uses the pairs in which both sides have the percentile. */
function comparePairs(
  { before, after, q, confidence }: QuantileQuestion,
  pairs: readonly (readonly [before: readonly number[], after: readonly number[]])[],
): Difference | undefined {
  const logsBefore: number[] = [];
  const logsAfter: number[] = [];
  for (const [countsBefore, countsAfter] of pairs) {
    const [was, is] = [logQuantile(countsBefore, before.bounds, q), logQuantile(countsAfter, after.bounds, q)];
    if (was === undefined || is === undefined) continue;
    logsBefore.push(was);
    logsAfter.push(is);
  }
  return logsBefore.length < MIN_PAIRS ? undefined : pairedTTest(logsBefore, logsAfter, confidence);
}

/** The logarithm of each percentile; undefined where one histogram has less than one request in its tail. */
function logQuantiles(all: readonly (readonly number[])[], bounds: readonly number[], q: number): number[] | undefined {
  const logs = all.map((counts) => logQuantile(counts, bounds, q));
  return logs.every((value) => value !== undefined) ? logs : undefined;
}

/** Above the top bound it is that bound, so that a difference is underestimated and never overestimated. */
function logQuantile(counts: readonly number[], bounds: readonly number[], q: number): number | undefined {
  if (totalCount(counts) * (1 - q) < 1 - 1e-9) return undefined;
  const found = quantile(bounds, counts, q);
  if (found === undefined) return undefined;
  return Math.log(Math.max(Math.min(found.value, bounds.at(-1) ?? found.value), 1e-6));
}

/** Cuts blocks into windows of nearly equal length. */
function cutWindows(blocks: readonly Block[], count: number): Block[][] {
  const [first, last] = [blocks[0], blocks.at(-1)];
  if (first === undefined || last === undefined) return [];
  const length = (last.to - first.from) / count;
  const windows = Array.from({ length: count }, (): Block[] => []);
  for (const block of blocks) {
    const middle = (block.from + block.to) / 2;
    windows[Math.min(count - 1, Math.floor((middle - first.from) / length))]?.push(block);
  }
  return windows;
}
