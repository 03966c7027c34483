import type { Stretch } from './batches.ts';
import type { Compared, Outcome } from './compare.ts';
import { clock, count, estimated, seconds, share } from './format.ts';
import type { Mark } from './marks.ts';
import { words } from './words.ts';

const signed = (ratio: number): string => `${ratio > 1 ? '+' : ratio < 1 ? '−' : ''}${share(Math.abs(ratio - 1))}`;

/** What became of a percentile, in words. */
export function said(outcome: Outcome): string {
  if (outcome.kind === 'few') return words.moreNeeded(count(outcome.needed));
  if (outcome.kind === 'over') return words.aboveTopBoth;
  if (outcome.kind === 'within') return words.withinBucket(seconds(outcome.low), seconds(outcome.high));
  const { ratio, low, high } = outcome;
  // At a bound of the buckets it is known on which side of it each is.
  const verdict = high <= 1 ? words.faster : low >= 1 ? words.slower : words.noEvidence;
  const range = Number.isFinite(high) ? words.range(signed(low), signed(high)) : words.atLeast(signed(low));
  return `${verdict}: ${signed(ratio)} (${range})`;
}

/** The comparison as a table one can paste into a chat. */
export function markdown(
  service: string,
  { name, before, at }: Mark,
  after: Stretch,
  rows: readonly Compared[],
): string {
  const head = [words.endpoint, words.requests, 'p50', 'p90', 'p99'];
  const lines = rows.map(({ key, requests, quantiles }) => [
    // What arrives may be anything where a path has no route.
    `\`${key.replaceAll('`', "'")}\``,
    requests.map(count).join(' → '),
    ...quantiles.map(({ before, after, outcome }) => `${estimated(before)} → ${estimated(after)}; ${said(outcome)}`),
  ]);
  const table = [head, head.map(() => '---'), ...lines].map((cells) => `| ${cells.map(escaped).join(' | ')} |`);
  const times = `${words.before}: ${clock(before.from)} – ${clock(before.to)}; ${words.after}: ${clock(Math.max(at, after.from))} – ${clock(after.to)}`;
  return [`**${service}: ${name}**`, '', times, '', ...table, '', words.compareHint, ''].join('\n');
}

const escaped = (cell: string): string => cell.replaceAll('|', '\\|');
