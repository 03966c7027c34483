import type { Block } from '../model.ts';

/** The buckets of one endpoint, or of the service, in some blocks together; all 0 where they cannot speak for it. */
export type CountsOf = (blocks: readonly Block[]) => readonly number[];

/** Cuts blocks into so many windows of as equal a length as blocks allow. */
export function windows(blocks: readonly Block[], wanted: number): Block[][] {
  const [first, last] = [blocks[0], blocks.at(-1)];
  if (first === undefined || last === undefined) return [];
  const each = (last.to - first.from) / wanted;
  const groups = Array.from({ length: wanted }, (): Block[] => []);
  for (const block of blocks) {
    const middle = (block.from + block.to) / 2;
    groups[Math.min(wanted - 1, Math.floor((middle - first.from) / each))]?.push(block);
  }
  return groups;
}
