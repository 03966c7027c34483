import type { Block, Side } from '../../../statistics/model.ts';
import type { TimelineInterval } from './decode.ts';
import { RequestTotals } from './request-totals.ts';
import { processStarts } from './runs.ts';

/** More blocks than these tell the statistics little, and take room in the browser's storage. */
const MAX_BLOCKS = 60;
/** Of the shortest blocks, which are intervals. Longer ones are two of the shorter, so that a later look at the same time sees the same. */
const BLOCK_SECONDS = 5;
/** Those that take most time. Each further one makes it harder to show that another has changed. */
const MAX_ENDPOINTS = 20;

export type PageSide = Omit<Side, 'name'>;

/**
 * What some consecutive intervals counted, as one side of a comparison.
 * @param earlier  the intervals before them: a process that started there may still be starting
 * @param keys     the endpoints to compare; by default those that take most time
 * @returns undefined without intervals
 */
export function createSide(
  intervals: readonly TimelineInterval[],
  earlier: readonly TimelineInterval[],
  keys: ReadonlySet<string> = busiestEndpoints(intervals),
): PageSide | undefined {
  if (intervals.length === 0) return undefined;
  return { blocks: mergeIntoBlocks(intervals, keys), starts: processStarts([...earlier, ...intervals]) };
}

function busiestEndpoints(intervals: readonly TimelineInterval[]): Set<string> {
  const seconds = new Map<string, number>();
  for (const { endpoints } of intervals) {
    for (const [key, stats] of endpoints) seconds.set(key, (seconds.get(key) ?? 0) + stats.seconds);
  }
  const busiest = Array.from(seconds).sort(([, a], [, b]) => b - a);
  return new Set(busiest.slice(0, MAX_ENDPOINTS).map(([key]) => key));
}

/** Merges neighbours until there are few enough blocks, and none across a pause. */
function mergeIntoBlocks(intervals: readonly TimelineInterval[], keys: ReadonlySet<string>): Block[] {
  const allSeconds = intervals.reduce((sum, { ms }) => sum + ms / 1000, 0);
  let blockSeconds = BLOCK_SECONDS;
  while (allSeconds / blockSeconds > MAX_BLOCKS) blockSeconds *= 2;
  const blocks: { from: number; to: number; readonly endpoints: Map<string, RequestTotals> }[] = [];
  for (const { at, ms, endpoints } of intervals) {
    const [from, to] = [(at - ms) / 1000, at / 1000];
    let block = blocks.at(-1);
    const isFull = block !== undefined && block.to - block.from > blockSeconds - BLOCK_SECONDS / 2;
    if (block === undefined || isFull || from - block.to > BLOCK_SECONDS / 2) {
      block = { from, to, endpoints: new Map() };
      blocks.push(block);
    }
    block.to = to;
    for (const [key, stats] of endpoints) {
      if (!keys.has(key)) continue;
      const totals = block.endpoints.get(key);
      if (totals === undefined) block.endpoints.set(key, new RequestTotals().add(stats));
      else totals.add(stats);
    }
  }
  return blocks;
}
