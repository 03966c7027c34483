import type { BoundedValue } from '../../../base/histogram/histogram.ts';
import { formatChangeEnd } from '../../../statistics/format-change.ts';
import type { Change, Side } from '../../../statistics/model.ts';

/** One number is shown where the bounds differ by less: with three digits, or with two. A fine bucket has 1.022. */
const THREE_DIGITS_RATIO = 1.025;
const TWO_DIGITS_RATIO = 1.1;
/** No clock of Node.js tells such a duration from 0. */
const MIN_SECONDS = 1e-7;

const round = (value: number, digits: number): number => Number(value.toPrecision(digits));

/** `9.77 ms`, `2.19 s`; `-` where it is unknown. @param top  the highest bound: `> 10 s` above it */
export function formatSeconds(value: number | undefined, top = 0, digits = 3): string {
  if (value === undefined) return '-';
  if (value === Number.POSITIVE_INFINITY) return `> ${formatSeconds(top)}`;
  return round(value, digits) >= 1 ? `${round(value, digits)} s` : `${round(value * 1000, digits)} ms`;
}

/** A duration with the digits that its bounds allow: `9.77 ms`, `15-25 ms` of a wide bucket, `> 10 s` above the top one. */
export function formatDuration(duration: BoundedValue | undefined): string {
  if (duration === undefined) return '-';
  const { value, low, high } = duration;
  if (high === Number.POSITIVE_INFINITY) return `> ${formatSeconds(low)}`;
  if (high < MIN_SECONDS || high <= low * THREE_DIGITS_RATIO) return formatSeconds(value);
  if (high <= low * TWO_DIGITS_RATIO) return formatSeconds(value, high, 2);
  return high >= 1 ? `${round(low, 3)}-${round(high, 3)} s` : `${round(low * 1000, 3)}-${round(high * 1000, 3)} ms`;
}

export const formatCount = (value: number): string => Math.round(value).toLocaleString('en');

/** Percent with two digits, from 10 on with three. Only what is exactly 100 is 100. */
function percent(value: number, moreDigits = 0): number {
  const exact = value * 100;
  const rounded = round(exact, (Math.abs(exact) < 10 ? 2 : 3) + moreDigits);
  return Math.abs(rounded) === 100 && Math.abs(exact) < 100 ? Math.trunc(exact * 100) / 100 : rounded;
}

/** @param value  0 to 1 */
export const formatShare = (value: number | undefined): string => (value === undefined ? '-' : `${percent(value)} %`);

/** All digits that were given: `99.9999 %`. */
export const formatConfidence = (confidence: number): string => `${Number((confidence * 100).toPrecision(14))} %`;

/** A share with the digits that its bounds allow: `3.1 %`, `2-4 %`. */
export function formatBoundedShare(share: BoundedValue | undefined): string {
  if (share === undefined || share.high <= share.low * TWO_DIGITS_RATIO) return formatShare(share?.value);
  return `${percent(share.low)}-${percent(share.high)} %`;
}

const signed = (value: number): string => `${value > 0 ? '+' : ''}${value}`;

/** A change with its sign: `-10 %` of a duration, `-0.76 points` of a share. Empty where only its interval is known. */
export const formatChange = (change: Change, isShare: boolean): string =>
  change.value === undefined ? '' : `${signed(Number(percent(change.value).toFixed(2)))} ${isShare ? 'points' : '%'}`;

const MAX_MORE_DIGITS = 3;

/** `(-12 % to -8.1 %)`; with more digits where the ends would look alike, and empty where they are. */
export function formatInterval(change: Change, isShare: boolean): string {
  const unit = isShare ? '' : ' %';
  const format = (end: number, moreDigits: number) =>
    formatChangeEnd(end, {
      number: (change) => `${signed(percent(change, moreDigits))}${unit}`,
      over: (limit) => `over ${limit}`,
      noLimit: 'no limit',
    });
  for (let moreDigits = 0; moreDigits <= MAX_MORE_DIGITS; moreDigits++) {
    const [low, high] = [format(change.low, moreDigits), format(change.high, moreDigits)];
    if (low !== high) return `(${low} to ${high})`;
  }
  return '';
}

const TIME_UNITS = [
  { name: 'h', seconds: 3600 },
  { name: 'min', seconds: 60 },
  { name: 's', seconds: 1 },
] as const;

/**
 * `40 s`, `3.5 min`, `2 h`: a length of time, in the largest unit of which it has at least two.
 * @param toWhole  what is too short is rounded down, and what is needed is rounded up
 */
export function formatLength(seconds: number, toWhole: (value: number) => number = Math.round): string {
  const unit = TIME_UNITS.find((each) => seconds >= 2 * each.seconds) ?? TIME_UNITS[2];
  const parts = seconds >= 10 * unit.seconds ? 1 : 10;
  return `${toWhole((seconds * parts) / unit.seconds) / parts} ${unit.name}`;
}

/** The name and the time of a side, and how long that is. */
export function describePeriod({ name, blocks }: Side): string {
  const [first, last] = [blocks[0], blocks.at(-1)];
  if (first === undefined || last === undefined) return name;
  const time = (at: number) => new Date(at * 1000).toISOString().replace(/\.\d+Z$/, 'Z');
  return `${name}: ${time(first.from)} to ${time(last.to)}, ${formatLength(last.to - first.from)}`;
}
