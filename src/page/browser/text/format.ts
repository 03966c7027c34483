import type { HiddenTail } from '../../../statistics/hidden-tail.ts';
import { shareAsCounts } from '../../../statistics/tail.ts';
import { type Estimate, errorOf } from '../model/estimate.ts';
import { language, words } from './words.ts';

const threeDigits = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 });
const twoDigits = new Intl.NumberFormat(language, { maximumSignificantDigits: 2 });
const oneDecimal = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
const percent = new Intl.NumberFormat(language, { style: 'percent', maximumSignificantDigits: 2 });
const minutes: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
const hourAndMinute = new Intl.DateTimeFormat(language, minutes);
const timeOfDay = new Intl.DateTimeFormat(language, { ...minutes, second: '2-digit' });

/** Stands for a value that is not known. */
export const NO_NUMBER = '–';

export const formatCount = (value: number): string => whole.format(value);
export const formatNumber = (value: number): string => threeDigits.format(value);
/** @param share 0 to 1 */
export const formatPercent = (share: number): string => percent.format(share);
export const formatTime = (milliseconds: number): string => timeOfDay.format(milliseconds);
export const formatHourAndMinute = (milliseconds: number): string => hourAndMinute.format(milliseconds);
/** 117× */
export const formatRatio = (value: number): string => (Number.isFinite(value) ? `${threeDigits.format(value)}×` : '∞');

const signOf = (value: number): string => (value > 0 ? '+' : value < 0 ? '−' : '');

/** −10% @param change  -0.1 is 10 % less */
export const formatChange = (change: number): string => signOf(change) + formatPercent(Math.abs(change));

/** A difference of two shares in percentage points, to a hundredth: −2.9 @param difference  -0.029 is 29 in 1,000 fewer */
export function formatPoints(difference: number): string {
  const points = Math.round(10_000 * difference) / 100;
  return signOf(points) + twoDigits.format(Math.abs(points));
}

/** 20.2 ms → 18.1 ms */
export const formatBeforeAfter = (before: string, after: string): string => `${before} → ${after}`;

/** 12.3 ms, or 1.23 s */
export function formatSeconds(value: number): string {
  if (value >= 1) return `${threeDigits.format(value)} s`;
  return `${threeDigits.format(value * 1000)} ms`;
}

export function formatBytes(value: number): string {
  return value >= 1e9 ? `${threeDigits.format(value / 1e9)} GB` : `${threeDigits.format(value / 1e6)} MB`;
}

/** The two largest units: 1 h 12 min */
export function formatDuration(seconds: number): string {
  const parts: string[] = [];
  let rest = Math.max(0, Math.floor(seconds));
  for (const [unit, size] of Object.entries(words.units)) {
    if (rest >= size || (size === 1 && parts.length === 0)) parts.push(`${Math.floor(rest / size)}${unit}`);
    rest %= size;
  }
  return parts.slice(0, 2).join(' ');
}

/** What there is of a time: `45 s`, and from two minutes on `3.5 min`. @param toWhole what is needed is rounded up */
export function formatLength(seconds: number, toWhole = Math.floor): string {
  if (seconds < 120) return words.seconds(whole.format(toWhole(seconds)));
  return words.minutes(oneDecimal.format(toWhole(seconds / 6) / 10));
}

export function formatEstimate(estimate: Estimate): string {
  return estimate.kind === 'few' ? words.few : formatSeconds(estimate.seconds);
}

/** The sample of an estimate, for the tooltip. */
export function describeEstimate(estimate: Estimate): string {
  const samples = formatCount(estimate.samples);
  if (estimate.kind === 'few') return words.samplesNeeded(samples, formatCount(estimate.needed));
  const basis = words.fromSamples(samples, formatPercent(errorOf(estimate)));
  return estimate.small ? `${basis} ${words.smallSampleHint}` : basis;
}

/** The slow requests of an endpoint, and its median, as a sentence. */
export function describeTail({ share, isApart, seconds, median }: HiddenTail): string {
  const [slow, middle] = [formatSeconds(seconds), formatSeconds(median)];
  if (!isApart) return words.slowestOfHundred(slow, middle);
  const [count, of] = shareAsCounts(share);
  return words.tail(count, formatCount(of), slow, middle);
}
