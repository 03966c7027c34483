import { type BoundedValue, quantileOf } from '../../base/histogram/histogram.ts';
import { shareSlower } from '../../statistics/measures.ts';
import type { EndpointTotals } from '../../statistics/model.ts';
import { findSlowRequests, type SlowRequests } from '../../statistics/slow-requests.ts';
import { sumTotals, totalsByEndpoint } from '../../statistics/totals.ts';
import { chooseObjective } from '../compare/objective.ts';
import { describePeriod } from '../compare/output/format.ts';
import type { Period, SpentSeconds } from '../compare/sources/outgoing.ts';
import { type CallSummary, type SpentOn, spentBy, summariseCalls } from './outgoing.ts';

/** Requests needed for each percentile: with fewer, less than one request is in its tail. */
const MIN_REQUESTS = { p50: 2, p90: 10, p99: 100 };
/** With fewer than this many times as much, a sample is small, as on the page. */
const SMALL_SAMPLE_FACTOR = 10;
const QUANTILES = { p50: 0.5, p90: 0.9, p99: 0.99 };

/**
 * One endpoint, or the service, over the period. Percentiles and the mean are in seconds; percentiles are undefined with too
 * few requests.
 * @property slowRequests  those that take noticeably longer than the median; undefined without, or with fewer than 100 timed requests
 * @property share    of the time spent by all endpoints, 0 to 1
 * @property slow     share of the timed requests that were slower than the objective
 * @property errors   share of the requests answered with 5xx
 * @property spentOn  what the time was spent on, most first; empty where it is not known
 */
export interface EndpointSummary {
  readonly key: string;
  readonly requests: number;
  readonly p50: BoundedValue | undefined;
  readonly p90: BoundedValue | undefined;
  readonly p99: BoundedValue | undefined;
  /** Whether fewer than ten requests are above the p99. */
  readonly isSmallSample: boolean;
  readonly mean: number | undefined;
  readonly slowRequests: SlowRequests | undefined;
  readonly seconds: number;
  readonly share: number;
  readonly slow: BoundedValue | undefined;
  readonly errors: number;
  readonly spentOn: readonly SpentOn[];
}

/**
 * @property objective  requests above this are slow, seconds
 * @property slowest    by p99
 * @property widest     by how many times longer than the median the slow requests take
 * @property time       by the time spent
 * @property calls      outgoing calls, by the time that they took
 * @property few        number of endpoints with too few requests for a p99
 */
export interface Report {
  readonly period: string;
  readonly objective: number;
  readonly service: EndpointSummary;
  readonly slowest: readonly EndpointSummary[];
  readonly widest: readonly EndpointSummary[];
  readonly time: readonly EndpointSummary[];
  readonly calls: readonly CallSummary[];
  readonly few: number;
}

/**
 * @param length  of each list, at most
 * @throws InputError where no request was timed
 */
export function buildReport({ side, outgoing }: Period, length: number): Report {
  const objective = chooseObjective([side]);
  const totals = totalsByEndpoint(side);
  const service = sumTotals([...totals.values()]);
  const summary = (key: string, own: EndpointTotals) =>
    summarise(key, own, objective, service.seconds, outgoing.timeSpent.get(key));
  const endpoints = [...totals].filter(([, { requests }]) => requests > 0).map(([key, own]) => summary(key, own));
  const sortBy = (value: (endpoint: EndpointSummary) => number | undefined) =>
    endpoints
      .filter((endpoint) => value(endpoint) !== undefined)
      .sort((a, b) => compareNumbers(value(b), value(a)) || b.requests - a.requests)
      .slice(0, length);
  return {
    period: describePeriod(side),
    objective,
    service: summary('the service', service),
    slowest: sortBy(({ p99 }) => p99?.value),
    widest: sortBy(({ slowRequests }) => slowRequests?.ratio.value),
    time: sortBy(({ seconds }) => seconds),
    calls: summariseCalls(outgoing.calls, length),
    few: endpoints.filter(({ p99 }) => p99 === undefined).length,
  };
}

/** Two infinite ones are equal. */
const compareNumbers = (a = 0, b = 0): number => (a === b ? 0 : a - b);

function summarise(
  key: string,
  totals: EndpointTotals,
  objective: number,
  serviceSeconds: number,
  timeSpent: ReadonlyMap<string, SpentSeconds> | undefined,
): EndpointSummary {
  const { histogram, requests, errors, seconds } = totals;
  const timed = histogram.total;
  const percentile = (name: keyof typeof MIN_REQUESTS) =>
    timed < MIN_REQUESTS[name] ? undefined : quantileOf(histogram, QUANTILES[name]);
  return {
    key,
    requests,
    p50: percentile('p50'),
    p90: percentile('p90'),
    p99: percentile('p99'),
    isSmallSample: timed < SMALL_SAMPLE_FACTOR * MIN_REQUESTS.p99,
    mean: timed > 0 ? seconds / timed : undefined,
    slowRequests: timed < MIN_REQUESTS.p99 ? undefined : findSlowRequests(histogram),
    seconds,
    share: serviceSeconds > 0 ? seconds / serviceSeconds : 0,
    slow: shareSlower(totals, objective),
    errors: errors / Math.max(requests, 1),
    spentOn: spentBy(timeSpent),
  };
}
