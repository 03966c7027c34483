/** PromQL by its meaning. Every function gives an expression of raw metrics: no recording rule is needed. */
import { UNMATCHED } from '../src/semconv.ts';
import { DURATION, METHOD_LABEL, PATH_LABEL, REQUESTS, STATUS_LABEL } from './names.ts';
import type { TimeWindow } from './windows.ts';

/** Which requests: label matchers. */
export type Scope = string;

export const SERVICE: Scope = 'job=~"$job", instance=~"$instance"';
/** Without what no route answered, as the alerts count: a scanner's quick 404s must hide neither errors nor slow requests. */
export const MATCHED: Scope = `${SERVICE}, ${PATH_LABEL}!="${UNMATCHED}"`;
export const ENDPOINT: Scope = `${SERVICE}, ${PATH_LABEL}=~"$path", ${METHOD_LABEL}=~"$method"`;
export const withMatchers = (scope: Scope, ...matchers: string[]): Scope => [scope, ...matchers].join(', ');

const SERVER_ERROR = `${STATUS_LABEL}=~"5.."`;

/** What a counter gained within the window, each series for itself. */
export function counterIncrease(metric: string, scope: Scope, { fn, range, at }: TimeWindow): string {
  return `${fn}(${metric}{${scope}}[${range}]${at})`;
}

export function total(metric: string, scope: Scope, window: TimeWindow, by: readonly string[] = []): string {
  return `sum${by.length > 0 ? ` by (${by.join(', ')}) ` : ''}(${counterIncrease(metric, scope, window)})`;
}

/** NaN where nothing was counted, and at most the histogram's top bound. */
export function quantile(
  q: number,
  scope: Scope,
  window: TimeWindow,
  by: readonly string[] = [],
  metric: string = DURATION,
): string {
  return `histogram_quantile(${q}, ${total(`${metric}_bucket`, scope, window, [...by, 'le'])})`;
}

/** Only where there is a number: NaN is on neither side of any comparison. */
export const withoutNaN = (expression: string): string => `${expression} >= 0`;

export function mean(scope: Scope, window: TimeWindow, by: readonly string[] = [], metric: string = DURATION): string {
  const count = total(`${metric}_count`, scope, window, by);
  return `${total(`${metric}_sum`, scope, window, by)} / (${count} > 0)`;
}

/** How much longer the unlucky 1 in 100 waits than the half: p99 over p50. */
export function tailRatio(
  scope: Scope,
  window: TimeWindow,
  by: readonly string[] = [],
  metric: string = DURATION,
): string {
  return `${quantile(0.99, scope, window, by, metric)} / ${quantile(0.5, scope, window, by, metric)}`;
}

/** A share of a whole. Without a series for the part it is 0, and without a request too; without the whole, nothing. */
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
 * How many requests took no longer than $objective, and of how many: of those services alone that have it as a bound, since
 * what another service counted would all look slow. Prometheus 3 writes the bound 1 as `1.0`, an OTLP receiver as `1`.
 */
function objectiveCounts(scope: Scope, window: TimeWindow): { fast: string; all: string } {
  const fast = counterIncrease(`${DURATION}_bucket`, withMatchers(scope, 'le=~"$objective([.]0)?"'), window);
  const all = counterIncrease(`${DURATION}_count`, scope, window);
  return { fast: `sum(${fast})`, all: `sum(${all} and ignoring (le) ${fast})` };
}

/** The share of requests slower than $objective. Exact, because it is a bound of the histogram; nothing where it is none. */
export function slowShare(scope: Scope, window: TimeWindow): string {
  const { fast, all } = objectiveCounts(scope, window);
  return `1 - ${fast} / (${all} > 0) or ${all} == 0`;
}

/** What is left of the allowance for slow requests: 1 is all of it, below 0 it is overspent. */
export function budgetLeft(scope: Scope, window: TimeWindow, target: number): string {
  const { fast, all } = objectiveCounts(scope, window);
  return `1 - (1 - ${fast} / (${all} > 0)) / (1 - ${target}) or (${all} == 0) + 1`;
}

/** The buckets of a histogram, `le` written in one way: two rows of one bound would share out what both count. */
export function bucketIncreases(scope: Scope, window: TimeWindow): string {
  const buckets = counterIncrease(`${DURATION}_bucket`, scope, window);
  return `sum by (le) (label_replace(${buckets}, "le", "$1", "le", "(.+)[.]0"))`;
}

/** The share of durations above the histogram's top bound, whichever that is: the largest finite bucket holds the rest. */
export function aboveTopBoundShare(scope: Scope, window: TimeWindow): string {
  const below = `sum(max without (le) (${counterIncrease(`${DURATION}_bucket`, withMatchers(scope, 'le!="+Inf"'), window)}))`;
  const all = total(`${DURATION}_count`, scope, window);
  return `1 - ${below} / (${all} > 0) or ${all} == 0`;
}
