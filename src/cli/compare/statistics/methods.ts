import type { Block, Method, Side } from '../model.ts';
import { quantile, total } from './quantile.ts';
import { type Difference, paired, placebo, welch } from './t-tests.ts';
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
/** Windows of the baseline: fewer than the first number cannot tell what comes by chance once in 20, at 95 %. */
const windowsFor = (confidence: number): [least: number, most: number] => {
  const least = Math.max(19, Math.ceil(1 / (1 - confidence) - 1e-6) - 1);
  return [least, Math.max(24, least)];
};
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
  blocks: readonly (readonly [readonly number[], readonly number[]])[],
) {
  const both = blocks.flatMap(([one, other]) => {
    const [a, b] = [log(one, before.bounds, q), log(other, after.bounds, q)];
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
      countsBefore([before.blocks[i] as Block]),
      countsAfter([after.blocks[i] as Block]),
    ]),
  );
};

/** By what is the same stretch of time on both sides; longer ones where a stretch has too few requests. */
const versions: Judge = (question) => {
  const { before, after, countsBefore, countsAfter } = question;
  for (const wanted of [PAIRS, 8, 5]) {
    const [one, other] = [
      windows(before.blocks, wanted).map(countsBefore),
      windows(after.blocks, wanted).map(countsAfter),
    ];
    const isWhole = [...one, ...other].every((counts) => log(counts, before.bounds, question.q) !== undefined);
    const both = one.map((counts, i) => [counts, other[i] as readonly number[]] as const);
    if (isWhole || wanted === 5) return pairs(question, both);
  }
  return undefined;
};

/** Batch means, which the placebo has to agree with. */
const periods: Judge = ({ before, after, countsBefore, countsAfter, q, confidence }) => {
  const cut = (side: Side, countsOf: CountsOf, n: number) =>
    logs(windows(side.blocks, n).map(countsOf), side.bounds, q);
  const [one, other] = [cut(before, countsBefore, BATCHES), cut(after, countsAfter, BATCHES)];
  // As many windows as have a percentile each.
  const [least, wanted] = windowsFor(confidence);
  const most = Math.min(wanted, before.blocks.length);
  const tried = Array.from({ length: Math.max(0, most - least + 1) }, (_, i) => most - i);
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
      blocks(confidence: number): readonly [before: number, after: number];
      /** What to do where there are fewer. */
      readonly more: string;
      text(confidence: number): string;
    }
  >
> = {
  rounds: {
    judge: rounds,
    blocks: () => [LEAST, LEAST],
    more: 'give more --rounds',
    text: (confidence) =>
      `Rounds: the same load by turns on both, and per round the difference of the logarithms of each percentile; ${percent(confidence)} intervals and p by Student's t of those differences. ${HOLM}`,
  },
  periods: {
    judge: periods,
    blocks: (confidence) => [windowsFor(confidence)[0], BATCHES],
    more: 'apm snapshot --out before/ records them',
    text: (confidence) =>
      `Periods: one after the other, so that whatever else has changed is in the difference too. Batch means (${BATCHES} on each side, Welch's t of the logarithms; ${percent(confidence)} intervals) and an A/A placebo (how often one of ${[...new Set(windowsFor(confidence))].join(' to ')} windows of the baseline differs from the others by as much) have to agree. ${HOLM}`,
  },
  versions: {
    judge: versions,
    blocks: () => [5, 5],
    more: 'give a longer --since',
    text: (confidence) =>
      `Versions: both ran at the same time; per stretch of time the difference of the logarithms of each percentile, ${percent(confidence)} intervals and p by Student's t of those differences. ${HOLM}`,
  },
};

const HOLM =
  'Verdicts are corrected by Holm, those of the endpoints for all of them together, those of the service for its own; intervals are uncorrected. Percentiles are of all requests together, interpolated within buckets, and two in one bucket are not told apart; the change is a mean over blocks, and may differ from theirs. A tail needs 10 requests.';

/** `95 %`. */
export const percent = (share: number): string => `${Number((share * 100).toFixed(3))} %`;
