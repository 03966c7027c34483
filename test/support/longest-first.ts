import { relative, sep } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { root } from './root.ts';

/** The slowest files, the slowest first, measured on two cores. If one of them ran last, the other workers would idle. */
export const LONGEST = [
  'test/frameworks/contract-1.test.ts',
  'test/frameworks/contract-2.test.ts',
  'test/frameworks/next/next.test.ts',
  'test/requests/load.test.ts',
  'test/page/marks.test.ts',
  'test/stack/shop.test.ts',
  'test/stack/rules.test.ts',
  'test/page/connection.test.ts',
];

const rankOf = ({ moduleId }: TestSpecification): number => {
  const rank = LONGEST.indexOf(relative(root, moduleId).split(sep).join('/'));
  return rank < 0 ? LONGEST.length : rank;
};
const groupOf = ({ project }: TestSpecification): number => project.config.sequence.groupOrder;

/** Starts the longest files first, so that all workers end at about the same time. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.sort((a, b) => groupOf(a) - groupOf(b) || rankOf(a) - rankOf(b));
  }
}
