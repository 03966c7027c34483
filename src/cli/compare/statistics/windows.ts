import type { Block } from '../model.ts';
import { added } from './quantile.ts';

/** The buckets of one endpoint, or of the service, in one block; undefined where it has no requests. */
export type CountsOf = (block: Block) => readonly number[] | undefined;

/** Cuts blocks into so many windows of as equal a length as blocks allow, each with its buckets added up. */
export function windows(blocks: readonly Block[], wanted: number, countsOf: CountsOf, buckets: number): number[][] {
  const [first, last] = [blocks[0], blocks.at(-1)];
  if (first === undefined || last === undefined) return [];
  const each = (last.to - first.from) / wanted;
  const groups = Array.from({ length: wanted }, (): (readonly number[])[] => []);
  for (const block of blocks) {
    const middle = (block.from + block.to) / 2;
    const counts = countsOf(block);
    if (counts) groups[Math.min(wanted - 1, Math.floor((middle - first.from) / each))]?.push(counts);
  }
  return groups.map((group) => added(group, buckets));
}
