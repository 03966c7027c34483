import type { ApmStatus } from '../../status.ts';
import { formatSeconds } from '../compare/output/format.ts';
import { type Finding, finding } from './finding.ts';

/** With fewer requests, more of them may be elsewhere later. */
const MIN_TIMED = 1_000;
const MIN_SHARE = 0.95;
/** Digits of the suggested bounds: each is 2 to 2.5 times the one before. */
const DIGITS = [1, 2, 5];
const MIN_EXPONENT = -5;
const MAX_EXPONENT = 5;

/** A finding where nearly all requests are in one bucket at the end of `APM_BUCKETS`, so Prometheus can only guess percentiles. */
export function diagnoseDurations({ durations, warnings }: Pick<ApmStatus, 'durations' | 'warnings'>): Finding[] {
  // A process of an older version does not report them.
  if (!durations || durations.timed < MIN_TIMED || durations.bounds.length === 0) return [];
  // Bounds that look like milliseconds have a finding of their own.
  if (warnings.some(({ about, text }) => about === 'setting' && text.startsWith('APM_BUCKETS'))) return [];
  const { bounds, timed, inFirst, aboveTop, p50, p99 } = durations;
  const [first, top] = [bounds[0] as number, bounds.at(-1) as number];
  const describe = (part: number, where: string, suggested: readonly number[]) =>
    finding(
      'buckets',
      'note',
      `${part} of ${timed} timed requests (${Math.floor((part / timed) * 100)} %) took ${where} bound of APM_BUCKETS, so Prometheus can only guess percentiles from these bounds: p50 is about ${formatSeconds(p50)}, p99 ${formatSeconds(p99)}.`,
      `Try APM_BUCKETS=${suggested.join(',')}. Each bound is one more series for each path and method.`,
      'Or let Prometheus have native histograms, which need no bounds: scrape_native_histograms: true, or APM_HISTOGRAM=exponential for pushes.',
    );
  if (inFirst >= MIN_SHARE * timed) {
    const lower = roundBounds(p50 / 4, first);
    return [describe(inFirst, `${formatSeconds(first)} or less, the lowest`, [...lower, ...bounds])];
  }
  if (aboveTop >= MIN_SHARE * timed) {
    const higher = roundBounds(top, Math.max(p99, top) * 2.5).filter((bound) => bound > top);
    return [describe(aboveTop, `more than ${formatSeconds(top)}, the highest`, [...bounds, ...higher])];
  }
  return [];
}

/** Round numbers of seconds from `low` to below `high`. */
function roundBounds(low: number, high: number): number[] {
  const exponents = Array.from({ length: MAX_EXPONENT - MIN_EXPONENT + 1 }, (_, i) => MIN_EXPONENT + i);
  return exponents
    .flatMap((exponent) => DIGITS.map((digit) => Number(`${digit}e${exponent}`)))
    .filter((bound) => bound >= low && bound < high);
}
