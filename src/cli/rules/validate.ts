import { BURNS } from './burn-rates.ts';
import type { Objectives } from './objectives.ts';

/** What makes an objective senseless: which option, what was expected of it, and why. */
export interface Refusal {
  readonly option: string;
  readonly expected: string;
  readonly given: string;
}

/** The first thing about these objectives because of which an alert could never fire, or would always. */
export function refusal(objectives: Objectives): Refusal | undefined {
  return CHECKS.map((check) => check(objectives)).find((found) => found !== undefined);
}

type Check = (objectives: Objectives) => Refusal | undefined;

const refuse = (option: string, holds: boolean, expected: string, given: unknown): Refusal | undefined =>
  holds ? undefined : { option, expected, given: String(given) };

const FASTEST = Math.max(...BURNS.map(({ factor }) => factor));
/** Above it, the quickest burn would have to be a share above all requests. */
const LEAST_TARGET = 1 - 1 / FASTEST;

const target = (option: string, value: number): Refusal | undefined =>
  refuse(option, value > 0 && value < 1, 'a share between 0 and 1, such as 0.99', value) ??
  refuse(
    option,
    value > LEAST_TARGET,
    `more than ${LEAST_TARGET.toFixed(4)}, since a budget burning ${FASTEST} times too fast needs ${FASTEST} x (1 - target) of all requests, which must be below 1`,
    value,
  );

const CHECKS: readonly Check[] = [
  ({ job }) => refuse('--job', isRegularExpression(job), 'a regular expression of Prometheus', job),
  ({ except }) =>
    refuse('--except', except === '' || isRegularExpression(except), 'a regular expression of Prometheus', except),
  ({ latency, buckets }) =>
    refuse(
      '--latency',
      buckets.includes(latency.seconds),
      `one of the histogram's bounds, since only there requests can be counted as slow: ${buckets.join(', ')}`,
      latency.seconds,
    ),
  ({ latency, buckets }) => plain('--latency', latency.seconds) ?? plain('--buckets', buckets.at(-1) as number),
  ({ grafana }) =>
    refuse('--grafana', grafana === '' || isAddress(grafana), 'an http:// or https:// URL without a query', grafana),
  ({ latency }) => target('--latency-target', latency.target),
  ({ errors }) => target('--error-target', errors.target),
  ({ minRequests }) =>
    refuse('--min-requests', minRequests >= 1, 'at least 1: the tail of nothing is no number', minRequests),
  ({ tail }) => refuse('--tail-gap', tail.gap > 1, 'more than 1, which p99 is of p50 at least', tail.gap),
  ({ tail, buckets, latency }) => {
    // p50 cannot be told below half of the lowest bucket, nor p99 above the highest bound.
    const widest = (buckets.at(-1) as number) / ((buckets[0] as number) / 2);
    return (
      refuse('--tail-gap', tail.gap < widest, `less than ${widest}, the widest that these bounds can show`, tail.gap) ??
      refuse(
        '--latency',
        latency.seconds < (buckets.at(-1) as number),
        `less than the highest bound: no percentile is ever above it, so no tail would be seen`,
        latency.seconds,
      )
    );
  },
  ({ tail }) => refuse('--tail-growth', tail.growth > 1, 'more than 1: 1 is as yesterday', tail.growth),
  ({ slower }) => refuse('--slower', slower.factor > 1, 'more than 1: 1 is as a week ago', slower.factor),
  ({ slower, buckets }) => {
    // p99 of requests that are all in the lowest bucket is taken for 0.99 of its bound.
    const widest = Math.floor((buckets.at(-1) as number) / ((buckets[0] as number) * 0.99));
    return refuse(
      '--slower',
      slower.factor < widest,
      `less than ${widest}, the most these bounds can show`,
      slower.factor,
    );
  },
  ({ slower, buckets }) =>
    refuse(
      '--slower-above',
      slower.seconds < (buckets.at(-1) as number),
      'less than the highest bound: no percentile is ever above it',
      slower.seconds,
    ),
  ({ aboveTop }) => share('--above-top', aboveTop),
  ({ traffic }) => share('--traffic', traffic),
  ({ queue }) => share('--queue', queue),
];

function share(option: string, value: number): Refusal | undefined {
  return refuse(option, value > 0 && value < 1, 'a share between 0 and 1', value);
}

/** As far as JavaScript can tell: Prometheus's have flags at the beginning, and neither look-around nor back-references. */
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

function isAddress(text: string): boolean {
  return /^https?:\/\/[^\s?#{}"]+$/.test(text) && URL.canParse(text);
}

/** Smaller and larger bounds are spelt differently by those that write `le`, with and without an exponent. */
function plain(option: string, bound: number): Refusal | undefined {
  return refuse(option, bound >= 0.0001 && bound < 1e6, 'seconds from 0.0001 to 999999', bound);
}
