import type { Block, Method, Side } from '../model.ts';
import { quantile, total } from './quantile.ts';
import { type Difference, paired, placebo, welch } from './tests.ts';
import { type CountsOf, windows } from './windows.ts';

/** What a method judges: one percentile of one endpoint, or of the service. */
export interface Question {
  readonly before: Side;
  readonly after: Side;
  readonly countsBefore: CountsOf;
  readonly countsAfter: CountsOf;
  readonly q: number;
  readonly confidence: number;
}

/** undefined where there are too few requests for it. */
type Judge = (question: Question) => Difference | undefined;

/** Batches of a period: few enough that what varies slowly varies between them. */
const BATCHES = 5;
/** Windows of the baseline; fewer than the second number cannot tell a difference that comes by chance once in 20. */
const WINDOWS = 24;
const LEAST_WINDOWS = 19;
/** Blocks of two versions that ran at the same time. */
const PAIRS = 12;
/** Fewer pairs tell nothing. */
const LEAST = 3;

/** The logarithm of each percentile; undefined where one has less than one request in its tail. */
function logs(all: readonly (readonly number[])[], bounds: readonly number[], q: number): number[] | undefined {
  const found = all.map((counts) => log(counts, bounds, q));
  return found.every((value) => value !== undefined) ? (found as number[]) : undefined;
}

/** Above the top bound it counts as the bound: a difference is then taken for smaller than it is, never for larger. */
function log(counts: readonly number[], bounds: readonly number[], q: number): number | undefined {
  if (total(counts) * (1 - q) < 1 - 1e-9) return undefined;
  const seconds = quantile(counts, bounds, q)?.seconds;
  if (seconds === undefined) return undefined;
  return Math.log(Math.max(Math.min(seconds, bounds.at(-1) ?? seconds), 1e-6));
}

/** Rounds, or stretches of time, of which both sides have a percentile. */
function pairs(
  { before, after, q, confidence }: Question,
  blocks: readonly (readonly [readonly number[] | undefined, readonly number[] | undefined])[],
) {
  const both = blocks.flatMap(([one, other]) => {
    const [a, b] = [log(one ?? [], before.bounds, q), log(other ?? [], after.bounds, q)];
    return a === undefined || b === undefined ? [] : [[a, b] as const];
  });
  if (both.length < LEAST) return undefined;
  return paired(
    both.map(([a]) => a),
    both.map(([, b]) => b),
    confidence,
  );
}

const rounds: Judge = (question) => {
  const { before, after, countsBefore, countsAfter } = question;
  const n = Math.min(before.blocks.length, after.blocks.length);
  return pairs(
    question,
    Array.from({ length: n }, (_, i) => [
      countsBefore(before.blocks[i] as Block),
      countsAfter(after.blocks[i] as Block),
    ]),
  );
};

/** By what is the same stretch of time on both sides; longer ones where a stretch has too few requests. */
const versions: Judge = (question) => {
  const { before, after, countsBefore, countsAfter } = question;
  const buckets = before.bounds.length + 1;
  for (const wanted of [PAIRS, 8, 5]) {
    const [one, other] = [
      windows(before.blocks, wanted, countsBefore, buckets),
      windows(after.blocks, wanted, countsAfter, buckets),
    ];
    const found = pairs(
      question,
      one.map((counts, i) => [counts, other[i]]),
    );
    if (
      found &&
      (wanted === 5 || [...one, ...other].every((counts) => log(counts, before.bounds, question.q) !== undefined))
    )
      return found;
  }
  return undefined;
};

/** Batch means, which the placebo has to agree with. */
const periods: Judge = ({ before, after, countsBefore, countsAfter, q, confidence }) => {
  const buckets = before.bounds.length + 1;
  const cut = (side: Side, countsOf: CountsOf, n: number) =>
    logs(windows(side.blocks, n, countsOf, buckets), side.bounds, q);
  const [one, other] = [cut(before, countsBefore, BATCHES), cut(after, countsAfter, BATCHES)];
  // As many windows as have a percentile each.
  const most = Math.min(WINDOWS, before.blocks.length);
  const tried = Array.from({ length: Math.max(0, most - LEAST_WINDOWS + 1) }, (_, i) => most - i);
  const baseline = tried.reduce<number[] | undefined>((found, n) => found ?? cut(before, countsBefore, n), undefined);
  if (one === undefined || other === undefined || baseline === undefined) return undefined;
  const found = welch(one, other, confidence);
  return { ...found, agreed: placebo(baseline, other) <= 1 - confidence + 1e-9 };
};

/** How each is done, how many blocks it takes at least, and how it is said. */
export const METHODS: Readonly<
  Record<
    Method,
    {
      readonly judge: Judge;
      readonly blocks: readonly [before: number, after: number];
      text(confidence: number): string;
    }
  >
> = {
  rounds: {
    judge: rounds,
    blocks: [LEAST, LEAST],
    text: (confidence) =>
      `Rounds: the same load by turns on both, and per round the difference of the logarithms of each percentile; ${percent(confidence)} intervals and p by Student's t of those differences. ${HOLM}`,
  },
  periods: {
    judge: periods,
    blocks: [LEAST_WINDOWS, BATCHES],
    text: (confidence) =>
      `Periods: one after the other, so that whatever else has changed is in the difference too. Batch means (${BATCHES} on each side, Welch's t of the logarithms; ${percent(confidence)} intervals) and an A/A placebo (how often one of ${LEAST_WINDOWS} to ${WINDOWS} windows of the baseline differs from the others by as much) have to agree. ${HOLM}`,
  },
  versions: {
    judge: versions,
    blocks: [5, 5],
    text: (confidence) =>
      `Versions: both ran at the same time; per stretch of time the difference of the logarithms of each percentile, ${percent(confidence)} intervals and p by Student's t of those differences. ${HOLM}`,
  },
};

const HOLM =
  'Verdicts are corrected by Holm for all endpoints and percentiles together, intervals stand for themselves. Percentiles are interpolated within buckets; two in one bucket are not told apart. A tail needs 10 requests.';

const percent = (share: number): string => `${Number((share * 100).toFixed(3))} %`;
