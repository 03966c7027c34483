import { quantileOf } from '../../base/histogram/histogram.ts';
import { shareSlower } from '../../statistics/measures.ts';
import type { EndpointTotals, Side } from '../../statistics/model.ts';
import { sumTotals, totalsByEndpoint } from '../../statistics/totals.ts';
import { chooseObjective } from '../compare/objective.ts';
import { describePeriod } from '../compare/output/format.ts';
import { DEFAULT_OBJECTIVES } from '../rules/objectives.ts';

/** Requests needed for each percentile: with fewer, less than one request is in its tail. */
const MIN_REQUESTS = { p50: 2, p90: 10, p99: 100 };
const QUANTILES = { p50: 0.5, p90: 0.9, p99: 0.99 };

/**
 * One endpoint, or the service, over the period. Percentiles are in seconds, Infinity above the top bound, and
 * undefined with too few requests.
 * @property gap     p99 / p50; a lower limit where p99 is above the top bound
 * @property share   of the time spent by all endpoints, 0 to 1
 * @property slow    share of the timed requests that were slower than the objective
 * @property errors  share of the requests answered with 5xx
 */
export interface EndpointSummary {
  readonly key: string;
  readonly requests: number;
  readonly p50: number | undefined;
  readonly p90: number | undefined;
  readonly p99: number | undefined;
  readonly mean: number | undefined;
  readonly gap: number | undefined;
  readonly seconds: number;
  readonly share: number;
  readonly slow: number | undefined;
  readonly errors: number;
}

/**
 * @property top        the highest bound, seconds
 * @property objective  requests above this bound are slow, seconds
 * @property slowest    by p99
 * @property widest     by the gap between p99 and p50
 * @property time       by the time spent
 * @property few        number of endpoints with too few requests for a p99
 */
export interface Report {
  readonly period: string;
  readonly top: number;
  readonly objective: number;
  readonly service: EndpointSummary;
  readonly slowest: readonly EndpointSummary[];
  readonly widest: readonly EndpointSummary[];
  readonly time: readonly EndpointSummary[];
  readonly few: number;
}

/**
 * @param length  of each list, at most
 * @throws InputError where no request was timed
 */
export function buildReport(side: Side, length: number): Report {
  const { bounds } = side;
  const objective = chooseObjective(bounds);
  const totals = totalsByEndpoint(side);
  const service = sumTotals([...totals.values()]);
  const summary = (key: string, own: EndpointTotals) => summarise(key, own, bounds?.at(-1), objective, service.seconds);
  const endpoints = [...totals].filter(([, { requests }]) => requests > 0).map(([key, own]) => summary(key, own));
  const sortBy = (value: (endpoint: EndpointSummary) => number | undefined) =>
    endpoints
      .filter((endpoint) => value(endpoint) !== undefined)
      .sort((a, b) => Number(value(b)) - Number(value(a)) || b.requests - a.requests)
      .slice(0, length);
  return {
    period: describePeriod(side),
    top: bounds?.at(-1) ?? 0,
    objective,
    service: summary('the service', service),
    slowest: sortBy(({ p99 }) => p99),
    widest: sortBy(({ gap }) => ((gap ?? 0) >= DEFAULT_OBJECTIVES.tail.gap ? gap : undefined)),
    time: sortBy(({ seconds }) => seconds),
    few: endpoints.filter(({ p99 }) => p99 === undefined).length,
  };
}

function summarise(
  key: string,
  totals: EndpointTotals,
  top: number | undefined,
  objective: number,
  serviceSeconds: number,
): EndpointSummary {
  const { histogram, requests, errors, seconds } = totals;
  const timed = histogram.total;
  const percentile = (name: keyof typeof MIN_REQUESTS) =>
    timed < MIN_REQUESTS[name] ? undefined : quantileOf(histogram, QUANTILES[name])?.value;
  const [p50, p90, p99] = [percentile('p50'), percentile('p90'), percentile('p99')];
  const hasGap = p99 !== undefined && p50 !== undefined && Number.isFinite(p50) && p50 !== 0;
  return {
    key,
    requests,
    p50,
    p90,
    p99,
    mean: timed > 0 ? seconds / timed : undefined,
    gap: hasGap ? Math.min(p99, top ?? Number.POSITIVE_INFINITY) / p50 : undefined,
    seconds,
    share: serviceSeconds > 0 ? seconds / serviceSeconds : 0,
    slow: shareSlower(totals, objective)?.value,
    errors: errors / Math.max(requests, 1),
  };
}
