import type { Outcome } from '../model/compare.ts';
import { formatCount, formatPercent, formatSeconds } from './format.ts';
import { words } from './words.ts';

export type Verdict = 'faster' | 'slower' | 'no evidence';

/** An interval that ends at 1 counts as a change: both percentiles are on different sides of a bucket bound. */
export function verdictOf(outcome: Outcome): Verdict {
  if (outcome.kind !== 'change') return 'no evidence';
  if (outcome.high <= 1) return 'faster';
  return outcome.low >= 1 ? 'slower' : 'no evidence';
}

const VERDICTS: Readonly<Record<Verdict, string>> = {
  faster: words.faster,
  slower: words.slower,
  'no evidence': words.noEvidence,
};

/** How a percentile changed, in words. */
export function describeOutcome(outcome: Outcome): string {
  if (outcome.kind === 'few') return words.moreNeeded(formatCount(outcome.needed));
  if (outcome.kind === 'over') return words.aboveTop;
  if (outcome.kind === 'within') return words.withinBucket(formatSeconds(outcome.low), formatSeconds(outcome.high));
  const { ratio, low, high } = outcome;
  const range = Number.isFinite(high)
    ? words.range(formatChange(low), formatChange(high))
    : words.atLeast(formatChange(low));
  return `${VERDICTS[verdictOf(outcome)]}: ${formatChange(ratio)} (${range})`;
}

/** 0.9 is −10% */
const formatChange = (ratio: number): string =>
  `${ratio > 1 ? '+' : ratio < 1 ? '−' : ''}${formatPercent(Math.abs(ratio - 1))}`;
