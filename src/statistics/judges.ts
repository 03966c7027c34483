import { scaledMeasure } from './measures.ts';
import type { TotalsOf } from './mix-standardisation.ts';
import type { Block, EndpointTotals, Measure, Side } from './model.ts';
import { type Difference, pairedTTest, placeboP, welchTTest } from './t-tests.ts';

/** One measure of one endpoint, or of the service. */
export interface Question {
  readonly before: Side;
  readonly after: Side;
  readonly totalsBefore: TotalsOf;
  readonly totalsAfter: TotalsOf;
  readonly measure: Measure;
  readonly objective: number;
  readonly confidence: number;
}

/** @returns undefined with too few requests */
export type Judge = (question: Question) => Difference | undefined;

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
  const { before, after, totalsBefore, totalsAfter } = question;
  const rounds = Math.min(before.blocks.length, after.blocks.length);
  return comparePairs(
    question,
    Array.from({ length: rounds }, (_, i) => [
      totalsBefore([before.blocks[i] as Block]),
      totalsAfter([after.blocks[i] as Block]),
    ]),
  );
};

/** Pairs the same stretch of time on both sides. The stretches are longer where short ones have too few requests. */
export const judgeVersions: Judge = (question) => {
  const { before, after, totalsBefore, totalsAfter, measure, objective } = question;
  let pairs: [EndpointTotals, EndpointTotals][] = [];
  for (const count of PAIR_COUNTS) {
    const windowsAfter = cutWindows(after.blocks, count);
    pairs = cutWindows(before.blocks, count).map((blocks, i) => [
      totalsBefore(blocks),
      totalsAfter(windowsAfter[i] as Block[]),
    ]);
    if (pairs.flat().every((totals) => scaledMeasure(measure, totals, objective) !== undefined)) break;
  }
  return comparePairs(question, pairs);
};

/** Batch means. The placebo must confirm the difference. */
export const judgePeriods: Judge = ({ before, after, totalsBefore, totalsAfter, measure, objective, confidence }) => {
  const cut = (side: Side, totalsOf: TotalsOf, windows: number) => {
    const all = cutWindows(side.blocks, windows).map((blocks) => scaledMeasure(measure, totalsOf(blocks), objective));
    return all.every((value) => value !== undefined) ? all : undefined;
  };
  const [batchesBefore, batchesAfter] = [cut(before, totalsBefore, BATCHES), cut(after, totalsAfter, BATCHES)];
  const { min, wanted } = placeboWindows(confidence);
  let baseline: number[] | undefined;
  // As many windows as possible, as long as each of them has the percentile.
  for (let windows = Math.min(wanted, before.blocks.length); windows >= min && !baseline; windows--) {
    baseline = cut(before, totalsBefore, windows);
  }
  if (batchesBefore === undefined || batchesAfter === undefined || baseline === undefined) return undefined;
  const isRare = placeboP(baseline, batchesAfter) <= 1 - confidence + 1e-9;
  return { ...welchTTest(batchesBefore, batchesAfter, confidence), confirmed: isRare };
};

/** Uses the pairs in which both sides have the percentile. */
function comparePairs(
  { measure, objective, confidence }: Question,
  pairs: readonly (readonly [before: EndpointTotals, after: EndpointTotals])[],
): Difference | undefined {
  const valuesBefore: number[] = [];
  const valuesAfter: number[] = [];
  for (const pair of pairs) {
    const [was, is] = pair.map((totals) => scaledMeasure(measure, totals, objective));
    if (was === undefined || is === undefined) continue;
    valuesBefore.push(was);
    valuesAfter.push(is);
  }
  return valuesBefore.length < MIN_PAIRS ? undefined : pairedTTest(valuesBefore, valuesAfter, confidence);
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
