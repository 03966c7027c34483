/** Builds PromQL. Every expression uses raw metrics only, so that no recording rule is needed. */
import { UNMATCHED } from '../src/semconv.ts';
import { DURATION, METHOD_LABEL, PATH_LABEL, REQUESTS, STATUS_LABEL } from './names.ts';
import type { TimeWindow } from './windows.ts';

/** Label matchers that select requests. */
export type Scope = string;

export const SERVICE: Scope = 'job=~"$job", instance=~"$instance"';
/** Requests that a route answered; the alerts select the same. A scanner's fast 404s would hide errors and slow requests. */
export const MATCHED: Scope = `${SERVICE}, ${PATH_LABEL}!="${UNMATCHED}"`;
export const ENDPOINT: Scope = `${SERVICE}, ${PATH_LABEL}=~"$path", ${METHOD_LABEL}=~"$method"`;
export const withMatchers = (scope: Scope, ...matchers: string[]): Scope => [scope, ...matchers].join(', ');

const SERVER_ERROR = `${STATUS_LABEL}=~"5.."`;

/** The increase or rate of a counter within the window, for each series. */
function counterIncrease(metric: string, scope: Scope, { fn, range, at }: TimeWindow): string {
  return `${fn}(${metric}{${scope}}[${range}]${at})`;
}

export function total(metric: string, scope: Scope, window: TimeWindow, by: readonly string[] = []): string {
  return `sum${by.length > 0 ? ` by (${by.join(', ')}) ` : ''}(${counterIncrease(metric, scope, window)})`;
}

/**
 * A query of a native histogram, or that of a histogram with bounds: processes push the one or the other (`APM_HISTOGRAM`).
 * So the dashboards need no second set, and a period before the switch can be compared with one after it.
 */
const either = (native: string, withBounds: string): string => `(${native} or ${withBounds})`;

/** The result is NaN without requests. Of a histogram with bounds it is never above the top bound. */
export function quantile(
  q: number,
  scope: Scope,
  window: TimeWindow,
  by: readonly string[] = [],
  metric: string = DURATION,
): string {
  return quantileOf(q, (suffix, ...labels) => total(metric + suffix, scope, window, [...by, ...labels]));
}

/** @param sum of the series with this suffix, by these labels and others */
export const quantileOf = (q: number, sum: (suffix: '' | '_bucket', ...by: string[]) => string): string =>
  either(`histogram_quantile(${q}, ${sum('')})`, `histogram_quantile(${q}, ${sum('_bucket', 'le')})`);

/** The number of requests with a duration. */
export const durationCount = (
  scope: Scope,
  window: TimeWindow,
  by: readonly string[] = [],
  metric: string = DURATION,
): string =>
  either(`histogram_count(${total(metric, scope, window, by)})`, total(`${metric}_count`, scope, window, by));

/** Their durations, added up. */
export const durationSum = (
  scope: Scope,
  window: TimeWindow,
  by: readonly string[] = [],
  metric: string = DURATION,
): string => either(`histogram_sum(${total(metric, scope, window, by)})`, total(`${metric}_sum`, scope, window, by));

/** Drops NaN, because every comparison with NaN is false. */
export const withoutNaN = (expression: string): string => `${expression} >= 0`;

export function mean(scope: Scope, window: TimeWindow, by: readonly string[] = [], metric: string = DURATION): string {
  return `${durationSum(scope, window, by, metric)} / (${durationCount(scope, window, by, metric)} > 0)`;
}

/** p99 divided by p50. */
export function tailRatio(
  scope: Scope,
  window: TimeWindow,
  by: readonly string[] = [],
  metric: string = DURATION,
): string {
  return `${quantile(0.99, scope, window, by, metric)} / ${quantile(0.5, scope, window, by, metric)}`;
}

/** A part divided by the whole: 0 where the part has no series or the whole is 0, empty where the whole has no series. */
export function ratioOrZero(part: string, whole: string): string {
  return `(${part} or ${whole} * 0) / (${whole} > 0) or ${whole} == 0`;
}

export function requests(scope: Scope, window: TimeWindow, by: readonly string[] = []): string {
  return total(REQUESTS, scope, window, by);
}

export function errorShare(scope: Scope, window: TimeWindow, by: readonly string[] = []): string {
  return ratioOrZero(requests(withMatchers(scope, SERVER_ERROR), window, by), requests(scope, window, by));
}

/**
 * The number of requests that took at most $objective, and the number of all requests. Only services that have $objective
 * as a histogram bound are included: without that bucket, all requests of a service would look slow. Prometheus 3 writes
 * the bound 1 as `1.0`, its OTLP receiver as `1`.
 */
function objectiveCounts(scope: Scope, window: TimeWindow): { fast: string; all: string } {
  const fast = counterIncrease(`${DURATION}_bucket`, withMatchers(scope, 'le=~"$objective([.]0)?"'), window);
  const all = counterIncrease(`${DURATION}_count`, scope, window);
  return { fast: `sum(${fast})`, all: `sum(${all} and ignoring (le) ${fast})` };
}

/**
 * The share of requests slower than $objective. Of a histogram with bounds it is exact for a bound, and empty for other
 * values. Of a native one it is known for any value, and NaN without requests.
 */
export function slowShare(scope: Scope, window: TimeWindow): string {
  const { fast, all } = objectiveCounts(scope, window);
  const native = total(DURATION, scope, window);
  return [
    `1 - histogram_fraction(0, $objective, ${native}) >= 0 or histogram_count(${native}) == 0`,
    `1 - ${fast} / (${all} > 0) or ${all} == 0`,
  ].join(' or ');
}

/** The unspent part of the budget for slow requests: 1 means all of it is left, below 0 it is overspent. */
export function budgetLeft(scope: Scope, window: TimeWindow, target: number): string {
  return `1 - (${slowShare(scope, window)}) / (1 - ${target})`;
}

/** The buckets of a histogram. `1.0` becomes `1`, because a heatmap would show the same bucket in two rows. */
export function bucketIncreases(scope: Scope, window: TimeWindow): string {
  const buckets = counterIncrease(`${DURATION}_bucket`, scope, window);
  const withBounds = `sum by (le) (label_replace(${buckets}, "le", "$1", "le", "(.+)[.]0"))`;
  // Grafana draws a native histogram by itself. It has no label `le`, so the other one is left out explicitly.
  return `${total(DURATION, scope, window)} or on () ${withBounds}`;
}

/**
 * The share of durations above the histogram's top bound. The bucket with the most requests, `+Inf` aside, is that of the
 * top bound. A native histogram has none: 0.
 */
export function aboveTopBoundShare(scope: Scope, window: TimeWindow): string {
  const below = `sum(max without (le) (${counterIncrease(`${DURATION}_bucket`, withMatchers(scope, 'le!="+Inf"'), window)}))`;
  const all = total(`${DURATION}_count`, scope, window);
  return `histogram_count(${total(DURATION, scope, window)}) * 0 or 1 - ${below} / (${all} > 0) or ${all} == 0`;
}
