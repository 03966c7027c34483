import type { Estimate } from './quantile.ts';
import { language, words } from './words.ts';

const number = (digits: number, unit: Intl.NumberFormatOptions = {}) =>
  new Intl.NumberFormat(language, { maximumSignificantDigits: digits, ...unit });
const three = number(3);
const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
const percent = new Intl.NumberFormat(language, { style: 'percent', maximumSignificantDigits: 2 });
const minutes: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' };
const short = new Intl.DateTimeFormat(language, minutes);
const time = new Intl.DateTimeFormat(language, { ...minutes, second: '2-digit' });

export const count = (value: number): string => whole.format(value);
export const rate = (value: number): string => three.format(value);
export const share = (value: number): string => percent.format(value);
export const clock = (milliseconds: number): string => time.format(milliseconds);
export const hourAndMinute = (milliseconds: number): string => short.format(milliseconds);

/** Three digits, in the unit people say it in. */
export function seconds(value: number): string {
  if (value >= 1) return `${three.format(value)} s`;
  return `${three.format(value * 1000)} ms`;
}

export function bytes(value: number): string {
  return value >= 1e9 ? `${three.format(value / 1e9)} GB` : `${three.format(value / 1e6)} MB`;
}

/** The two largest units. */
export function duration(total: number): string {
  const parts: string[] = [];
  let rest = Math.max(0, Math.floor(total));
  for (const [unit, size] of Object.entries(words.units)) {
    if (rest >= size || (size === 1 && parts.length === 0)) parts.push(`${Math.floor(rest / size)}${unit}`);
    rest %= size;
  }
  return parts.slice(0, 2).join(' ');
}

/** How many times as long, as it is said: 117 times. */
export const times = (value: number): string => (Number.isFinite(value) ? `${three.format(value)}×` : '∞');

export function estimated(estimate: Estimate): string {
  if (estimate.kind === 'few') return words.few;
  return estimate.kind === 'over' ? words.over(seconds(estimate.low)) : seconds(estimate.seconds);
}

/** All that is known of it. */
export function explained(estimate: Estimate): string {
  const { samples } = estimate;
  if (estimate.kind === 'few') return words.fewOf(count(samples), count(estimate.needed));
  const { low, small } = estimate;
  const where =
    estimate.kind === 'over' ? words.aboveTop(seconds(low)) : words.between(seconds(low), seconds(estimate.high));
  return `${where} ${words.of(count(samples))}${small ? ` ${words.smallSample}` : ''}`;
}
