import type { BoundedValue } from '../../../base/histogram/histogram.ts';
import { formatChangeEnd } from '../../../statistics/format-change.ts';
import { isShare } from '../../../statistics/measures.ts';
import type { Comparison, Duration, Measure, MeasureResult } from '../../../statistics/model.ts';
import {
  formatBeforeAfter,
  formatChange,
  formatDuration,
  formatLength,
  formatPercent,
  formatPoints,
  formatSeconds,
  formatTime,
  NO_NUMBER,
} from './format.ts';
import { words } from './words.ts';

/** A comparison is looked at again when the time after the mark has doubled. */
const MIN_UNSEEN_SECONDS = 3;

/** The name of a column. @param objective  seconds */
export function nameOf(measure: Measure, objective: number): string {
  if (measure === 'slow') return words.slow(formatSeconds(objective));
  return measure === 'errors' ? '5xx' : measure === 'mean' ? words.meanTile : measure;
}

/** 20.2 ms → 18.1 ms */
export function formatValues({ measure, before, after }: MeasureResult): string {
  const format = (value: BoundedValue | undefined) => {
    if (value === undefined) return NO_NUMBER;
    return isShare(measure) ? formatPercent(value.value) : formatSeconds(value.value);
  };
  return formatBeforeAfter(format(before), format(after));
}

/** Colour is for a verdict, and never for a change whose interval touches 0. */
export function toneOf({ verdict, change }: MeasureResult): 'good' | 'bad' | 'quiet' {
  if (change === undefined || (change.low <= 0 && change.high >= 0)) return 'quiet';
  return verdict === 'better' ? 'good' : verdict === 'worse' ? 'bad' : 'quiet';
}

/** What is known of the change, in words: `faster: −10% (−15% to −4%)`. Empty where nothing was slow or failed. */
export function describeOutcome(result: MeasureResult, { durations }: Pick<Comparison, 'durations'>): string {
  const { measure, before, after, verdict } = result;
  if (isShare(measure) && before?.value === 0 && after?.value === 0) return '';
  // Too few requests may be enough in time.
  if (durations.some(isTooShort)) return words.tooShort;
  switch (verdict) {
    case 'better':
      return withChange(isShare(measure) ? words.fewer : words.faster, result);
    case 'worse':
      return withChange(isShare(measure) ? words.more : words.slower, result);
    case 'no evidence':
      return withChange(words.noEvidence, result);
    case 'too short':
      return words.tooShort;
    case 'below resolution':
      return words.belowResolution;
    case 'too few requests':
      return isShare(measure) ? words.tooFew : words.few;
  }
}

/** What each side is of, how much time it lacks, and what of it was looked at: a line for each. */
export function describeSides({ sides, durations, leftOut }: Comparison): string[] {
  const describe = (name: string, index: 0 | 1, needs: (time: string) => string) => {
    const { blocks } = sides[index];
    const duration = durations[index];
    const [from, to] = [blocks[0]?.from ?? 0, blocks.at(-1)?.to ?? 0];
    const seconds = blocks.reduce((sum, block) => sum + block.to - block.from, 0);
    const looked = duration.seconds + leftOut[index];
    const parts = [words.period(formatTime(1000 * from), formatTime(1000 * to), formatLength(seconds))];
    if (leftOut[index] > 0) parts.push(words.startLeftOut(formatDuration(leftOut[index])));
    if (isTooShort(duration)) parts.push(needs(formatLength(duration.needed, Math.ceil)));
    else if (looked < seconds - MIN_UNSEEN_SECONDS)
      parts.push(words.lookedAt(formatLength(looked), formatLength(2 * looked)));
    return `${name}: ${parts.join('. ')}.`;
  };
  return [describe(words.before, 0, words.beforeNeeds), describe(words.after, 1, words.afterNeeds)];
}

const isTooShort = ({ seconds, needed }: Duration): boolean => seconds < needed;

/** The bounds of a difference of shares have no unit: it is beside the difference. */
function withChange(verdict: string, { measure, change }: MeasureResult): string {
  if (change === undefined) return verdict;
  const [format, unit] = isShare(measure) ? [formatPoints, words.points] : [formatChange, String];
  const [low, high] = [change.low, change.high].map((end) =>
    formatChangeEnd(end, { number: format, over: words.over, noLimit: words.noLimit }),
  ) as [string, string];
  const range = words.range(low, high);
  // Of explicit buckets, only the range is known.
  return change.value === undefined
    ? `${verdict}: ${unit(range)}`
    : `${verdict}: ${unit(format(change.value))} (${range})`;
}
