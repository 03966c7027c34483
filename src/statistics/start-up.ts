import { middleOf } from './measures.ts';
import type { Block, EndpointTotals, Side } from './model.ts';
import { secondsOf } from './windows.ts';

/** A start-up is looked for in this time after a start; at most half of it is left out. */
const SEARCHED_SECONDS = 360;
/** With fewer blocks, the variation of the others is unknown. */
const MIN_BLOCKS = 6;
/** The blocks that are left out are slower than the others by this number of standard errors. */
const MIN_STANDARD_ERRORS = 4;

/**
 * Finds the blocks in which processes started up: caches were cold, and code was not compiled yet. Never cuts where no
 * process started.
 *
 * Where it ends is found by MSER, the rule of the field of simulation: leave out as many values as make the standard error of
 * the mean of the others least. They are left out only if they are clearly slower than the others.
 * @see White (1997), An effective truncation heuristic for bias reduction in simulation output
 * @returns the indexes of the blocks
 */
export function findStartUps({ blocks, starts = [] }: Side): Set<number> {
  const found = new Set<number>();
  if (starts.length === 0 || blocks.length < MIN_BLOCKS) return found;
  const usual = usualSeconds(blocks);
  const ordered = [...starts].sort((a, b) => a - b);
  for (const [i, start] of ordered.entries()) {
    const end = Math.min(ordered[i + 1] ?? Number.POSITIVE_INFINITY, start + SEARCHED_SECONDS);
    const first = blocks.findIndex(({ to }) => to > start);
    const after = blocks.findIndex(({ from }) => from >= end);
    const searched = blocks.slice(first, after < 0 ? undefined : after);
    if (first < 0 || searched.length < MIN_BLOCKS) continue;
    const count = startUpLength(searched.map((block) => slowness(block, usual)));
    for (let n = 0; n < count; n++) found.add(first + n);
  }
  // What is left must be able to stand for the side.
  return secondsOf(blocks.filter((_, i) => found.has(i))) > secondsOf(blocks) / 2 ? new Set() : found;
}

/** The number of values at the beginning that belong to the start-up. */
function startUpLength(values: readonly number[]): number {
  let [best, bestScore] = [0, Number.POSITIVE_INFINITY];
  for (let cut = 0; cut <= values.length / 2; cut++) {
    const rest = values.slice(cut);
    const score = variance(rest) / rest.length;
    if (score < bestScore) [best, bestScore] = [cut, score];
  }
  if (best === 0) return 0;
  const [head, rest] = [values.slice(0, best), values.slice(best)];
  const error = Math.sqrt(variance(rest) * (1 / head.length + 1 / rest.length));
  return mean(head) - mean(rest) > MIN_STANDARD_ERRORS * error ? best : 0;
}

/** The mean logarithm of the seconds of each endpoint: unlike a mean, it is not moved by a few requests of the tail. */
function usualSeconds(blocks: readonly Block[]): Map<string, number> {
  const sums = new Map<string, { logs: number; requests: number }>();
  for (const { endpoints } of blocks) {
    for (const [key, totals] of endpoints) {
      const sum = sums.get(key) ?? { logs: 0, requests: 0 };
      sums.set(key, sum);
      sum.logs += sumOfLogs(totals);
      sum.requests += totals.histogram.total;
    }
  }
  return new Map(Array.from(sums, ([key, { logs, requests }]) => [key, requests > 0 ? logs / requests : 0]));
}

/** How much slower than usual the requests of a block are, on a logarithmic scale, whichever endpoints they are of. */
function slowness({ endpoints }: Block, usual: ReadonlyMap<string, number>): number {
  let [logs, requests] = [0, 0];
  for (const [key, totals] of endpoints) {
    const own = totals.histogram.total;
    logs += sumOfLogs(totals) - own * (usual.get(key) ?? 0);
    requests += own;
  }
  return requests > 0 ? logs / requests : 0;
}

const sumOfLogs = ({ histogram }: EndpointTotals): number =>
  histogram.buckets().reduce((sum, bucket) => sum + bucket.count * Math.log(middleOf(bucket)), 0);

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const variance = (values: readonly number[]): number => {
  const middle = mean(values);
  return values.reduce((sum, value) => sum + (value - middle) ** 2, 0) / values.length;
};
