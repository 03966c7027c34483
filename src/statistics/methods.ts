import { BATCHES, type Judge, judgePeriods, judgeRounds, judgeVersions, MIN_PAIRS, placeboWindows } from './judges.ts';
import type { Method } from './model.ts';

/**
 * One way of judging a difference.
 * @property minBlocks  with fewer blocks nothing is claimed
 */
interface MethodDescription {
  readonly judge: Judge;
  minBlocks(confidence: number): readonly [before: number, after: number];
}

const MIN_VERSION_BLOCKS = 5;

export const METHODS: Readonly<Record<Method, MethodDescription>> = {
  rounds: { judge: judgeRounds, minBlocks: () => [MIN_PAIRS, MIN_PAIRS] },
  periods: { judge: judgePeriods, minBlocks: (confidence) => [placeboWindows(confidence).min, BATCHES] },
  versions: { judge: judgeVersions, minBlocks: () => [MIN_VERSION_BLOCKS, MIN_VERSION_BLOCKS] },
};
