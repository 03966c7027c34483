import { meanOf } from './mean.ts';
import { middleOf } from './measures.ts';
import type { Block, EndpointTotals, Side } from './model.ts';
import { secondsOf } from './windows.ts';

/** A start-up is looked for in this time after a start; at most half of it is left out. */
const SEARCHED_SECONDS = 360;
/** With fewer blocks, the variation of the others is unknown. */
const MIN_BLOCKS = 6;
/** The blocks that are left out are slower than the others by this number of standard errors. */
const MIN_STANDARD_ERRORS = 4;
/** A start-up begins further above the others than any later stretch is, by this factor: those are drifts and short outages. */
const MIN_HEIGHT_RATIO = 2;
/** A start-up decays: its first half is slower than its second by at least this share of how far it is above the others. */
const MIN_DECAY = 0.2;
/** Where a recording begins later after the start than this number of blocks, its beginning is no start-up. */
const MAX_BLOCKS_AFTER_START = 2;

/**
 * Finds the blocks in which processes started up: caches were cold, and code was not compiled yet. Never cuts where no
 * process started.
 *
 * Where it ends is found by MSER, the rule of the field of simulation: leave out as many values as make the standard error of
 * the mean of the others least. They are left out only if they are clearly slower than the others, and look like a start-up: a
 * machine that drifts, or an outage in the first minute, must not take a part of the side away.
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
    if (!beginsAt(start, blocks[first]) || searched.length < MIN_BLOCKS) continue;
    const count = startUpLength(searched.map((block) => slowness(block, usual)));
    for (let n = 0; n < count; n++) found.add(first + n);
  }
  // What is left must be able to stand for the side.
  return secondsOf(blocks.filter((_, i) => found.has(i))) > secondsOf(blocks) / 2 ? new Set() : found;
}

const beginsAt = (start: number, first: Block | undefined): boolean =>
  first !== undefined && first.from - start <= MAX_BLOCKS_AFTER_START * (first.to - first.from);

/** The number of values at the beginning that belong to the start-up. */
function startUpLength(values: readonly number[]): number {
  let [best, bestScore] = [0, Number.POSITIVE_INFINITY];
  for (let cut = 0; cut <= values.length / 2; cut++) {
    const rest = values.slice(cut);
    const score = variance(rest) / rest.length;
    if (score < bestScore) [best, bestScore] = [cut, score];
  }
  return best > 0 && isStartUp(values.slice(0, best), values.slice(best)) ? best : 0;
}

function isStartUp(head: readonly number[], rest: readonly number[]): boolean {
  const usual = meanOf(rest);
  const excess = meanOf(head) - usual;
  const error = Math.sqrt(variance(rest) * (1 / head.length + 1 / rest.length));
  if (excess <= MIN_STANDARD_ERRORS * error) return false;
  const third = Math.ceil(head.length / 3);
  const stretches = rest.slice(third - 1).map((_, i) => meanOf(rest.slice(i, i + third)) - usual);
  if (meanOf(head.slice(0, third)) - usual < MIN_HEIGHT_RATIO * Math.max(...stretches)) return false;
  const half = Math.ceil(head.length / 2);
  return half === head.length || meanOf(head.slice(0, half)) - meanOf(head.slice(half)) > MIN_DECAY * excess;
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

const variance = (values: readonly number[]): number => {
  const middle = meanOf(values);
  return meanOf(values.map((value) => (value - middle) ** 2));
};
