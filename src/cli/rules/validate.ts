import { BURN_RATES } from './burn-rates.ts';
import { DEFAULT_OBJECTIVES, type Objectives } from './objectives.ts';

/** An objective with which an alert could never fire, or would always fire. */
export interface InvalidObjective {
  readonly option: string;
  readonly expected: string;
  readonly value: string;
}

/** The first invalid objective. */
export function findInvalid(objectives: Objectives): InvalidObjective | undefined {
  return CHECKS.map((check) => check(objectives)).find((invalid) => invalid !== undefined);
}

type Check = (objectives: Objectives) => InvalidObjective | undefined;

const invalidUnless = (
  isValid: boolean,
  option: string,
  expected: string,
  value: unknown,
): InvalidObjective | undefined => (isValid ? undefined : { option, expected, value: String(value) });

const FASTEST_BURN = Math.max(...BURN_RATES.map(({ factor }) => factor));
/** With a lower target, the fastest burn rate would need more than all requests to fail. */
const MIN_TARGET = 1 - 1 / FASTEST_BURN;
const REGULAR_EXPRESSION = 'a regular expression of Prometheus';

/** A check against the bounds, where there are any. */
const ofBounds =
  (check: Check): Check =>
  (objectives) =>
    objectives.histogram === 'explicit' ? check(objectives) : undefined;

const CHECKS: readonly Check[] = [
  ({ job }) => invalidUnless(isRegularExpression(job), 'job', REGULAR_EXPRESSION, job),
  ({ except }) => invalidUnless(except === '' || isRegularExpression(except), 'except', REGULAR_EXPRESSION, except),
  ({ histogram, buckets }) =>
    invalidUnless(
      histogram === 'explicit' || buckets === DEFAULT_OBJECTIVES.buckets,
      'buckets',
      'no value with --histogram exponential: native histograms have no bounds',
      buckets.join(),
    ),
  ofBounds(({ latency, buckets }) =>
    invalidUnless(
      buckets.includes(latency.seconds),
      'latency',
      `one of the histogram's bounds, since slow requests can be counted only there: ${buckets.join(', ')}`,
      latency.seconds,
    ),
  ),
  ({ latency, buckets }) => checkBoundFormat('latency', latency.seconds) ?? checkBoundFormat('buckets', topOf(buckets)),
  ({ grafana }) =>
    invalidUnless(grafana === '' || isUrl(grafana), 'grafana', 'an http:// or https:// URL without a query', grafana),
  ({ latency }) => checkTarget('latency-target', latency.target),
  ({ errors }) => checkTarget('error-target', errors.target),
  ({ minRequests }) =>
    invalidUnless(minRequests >= 1, 'min-requests', 'at least 1: no requests have no percentile', minRequests),
  ({ tail }) => invalidUnless(tail.gap > 1, 'tail-gap', 'more than 1: p99 is never below p50', tail.gap),
  ofBounds(({ tail, buckets }) => {
    // The lowest p50 is half of the first bound, the highest p99 is the last bound.
    const widest = topOf(buckets) / (bottomOf(buckets) / 2);
    return invalidUnless(
      tail.gap < widest,
      'tail-gap',
      `less than ${widest}, the most these bounds can show`,
      tail.gap,
    );
  }),
  ofBounds(({ latency, buckets }) =>
    invalidUnless(
      latency.seconds < topOf(buckets),
      'latency',
      'less than the highest bound: no percentile is above it, so the tail alert could never fire',
      latency.seconds,
    ),
  ),
  ({ tail }) => invalidUnless(tail.growth > 1, 'tail-growth', 'more than 1: 1 means unchanged', tail.growth),
  ({ slower }) => invalidUnless(slower.factor > 1, 'slower', 'more than 1: 1 means unchanged', slower.factor),
  ofBounds(({ slower, buckets }) => {
    // If all requests are in the first bucket, p99 is interpolated to 0.99 of its bound.
    const widest = Math.floor(topOf(buckets) / (bottomOf(buckets) * 0.99));
    const expected = `less than ${widest}, the most these bounds can show`;
    return invalidUnless(slower.factor < widest, 'slower', expected, slower.factor);
  }),
  ofBounds(({ slower, buckets }) =>
    invalidUnless(
      slower.seconds < topOf(buckets),
      'slower-above',
      'less than the highest bound: no percentile is above it',
      slower.seconds,
    ),
  ),
  ({ aboveTop }) => checkShare('above-top', aboveTop),
  ({ traffic }) => checkShare('traffic', traffic),
  ({ queue }) => checkShare('queue', queue),
];

const topOf = (buckets: readonly number[]): number => buckets.at(-1) as number;
const bottomOf = (buckets: readonly number[]): number => buckets[0] as number;

const checkTarget = (option: string, value: number): InvalidObjective | undefined =>
  invalidUnless(value > 0 && value < 1, option, 'a share between 0 and 1, such as 0.99', value) ??
  invalidUnless(
    value > MIN_TARGET,
    option,
    `more than ${MIN_TARGET.toFixed(4)}: the fastest burn rate is ${FASTEST_BURN} x (1 - target) of all requests, which must be below 1`,
    value,
  );

const checkShare = (option: string, value: number): InvalidObjective | undefined =>
  invalidUnless(value > 0 && value < 1, option, 'a share between 0 and 1', value);

/** Outside of these, exporters write `le` in different ways, with and without an exponent. */
const checkBoundFormat = (option: string, bound: number): InvalidObjective | undefined =>
  invalidUnless(bound >= 0.0001 && bound < 1e6, option, 'seconds from 0.0001 to 999999', bound);

/** As far as JavaScript can check it: RE2 has leading flags, and neither look-around nor back-references. */
function isRegularExpression(text: string): boolean {
  const pattern = text.replace(/^\(\?[imsU]+\)/, '').replaceAll('(?P<', '(?<');
  if (pattern.trim() === '' || /\(\?<?[=!]|\\[1-9ku]|\[\^\]|\d{4,}\}/.test(pattern)) return false;
  try {
    new RegExp(`^(?:${pattern})$`, 'u');
    return true;
  } catch {
    return false;
  }
}

const isUrl = (text: string): boolean => /^https?:\/\/[^\s?#{}"]+$/.test(text) && URL.canParse(text);
