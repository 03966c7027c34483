import type { Block, EndpointTotals } from './model.ts';
import { sumTotals } from './totals.ts';

/** Each divides the first that is possible. More would not show a drift better. */
const WINDOW_COUNTS = [24, 12, 8, 6, 4, 3];

/** One endpoint, or the service, on one side. */
export interface Series {
  /** Over all of the time. */
  readonly whole: EndpointTotals;
  /** Of the time. */
  readonly seconds: number;
  /** Numbers of windows that the time can be cut into, descending. */
  readonly counts: readonly number[];
  /** The totals of each window. */
  windows(count: number): readonly EndpointTotals[];
}

export const secondsOf = (blocks: readonly Block[]): number => blocks.reduce((sum, { from, to }) => sum + to - from, 0);

/** Cuts blocks into windows of nearly equal length; each has a block. */
function cutBlocks(blocks: readonly Block[], count: number): Block[][] {
  const windows = Array.from({ length: count }, (): Block[] => []);
  const total = secondsOf(blocks);
  let [before, last] = [0, -1];
  for (const [i, block] of blocks.entries()) {
    const length = block.to - block.from;
    const wanted = Math.floor(((before + length / 2) / total) * count);
    // Blocks of very different lengths must not leave a window empty.
    last = Math.min(Math.max(wanted, last, count - (blocks.length - i)), last + 1, count - 1);
    windows[last]?.push(block);
    before += length;
  }
  return windows;
}

/** How many windows these blocks are cut into: as many as possible. Rounds stay as they are. */
export const windowCounts = (blocks: number): number[] => {
  const [first] = WINDOW_COUNTS.filter((count) => count <= blocks);
  return first === undefined ? [] : WINDOW_COUNTS.filter((count) => first % count === 0);
};

/** The series of each endpoint. @param none  of an endpoint without a request */
export function createSeries(
  blocks: readonly Block[],
  keys: readonly string[],
  counts: readonly number[],
  none: EndpointTotals,
): Map<string, Series> {
  const [first = 1] = counts;
  const cut = cutBlocks(blocks, first);
  const seconds = secondsOf(blocks);
  return new Map(
    keys.map((key) => {
      const finest = cut.map((window) =>
        sumTotals([none, ...window.map(({ endpoints }) => endpoints.get(key)).filter((own) => own !== undefined)]),
      );
      const known = new Map([[first, finest]]);
      const windows = (count: number) => {
        const found = known.get(count) ?? mergeWindows(finest, count);
        known.set(count, found);
        return found;
      };
      return [key, { whole: sumTotals([none, ...finest]), seconds, counts, windows }] as const;
    }),
  );
}

function mergeWindows(finest: readonly EndpointTotals[], count: number): EndpointTotals[] {
  const length = finest.length / count;
  return Array.from({ length: count }, (_, i) => sumTotals(finest.slice(i * length, (i + 1) * length)));
}
