import type { Counts, Side } from '../compare/model.ts';
import { objectiveOf } from '../compare/objective.ts';
import { period, sumOf } from '../compare/output/format.ts';
import { quantile, total } from '../compare/statistics/quantile.ts';
import { DEFAULT_OBJECTIVES } from '../rules/objectives.ts';

/** So many requests a percentile takes: with fewer, less than one of them is in its tail. */
const NEEDED = { p50: 2, p90: 10, p99: 100 };
const QUANTILE = { p50: 0.5, p90: 0.9, p99: 0.99 };

/**
 * One endpoint, or the service, over the period. Percentiles in seconds, Infinity above the top bound, undefined where
 * there are too few requests.
 * @property gap     p99 / p50; where p99 is above the top bound, what it is at least
 * @property share   of all the time that was spent, 0 to 1
 * @property slow    share of the timed requests slower than the objective
 * @property errors  share of the requests answered with 5xx
 */
export interface Figures {
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

/** What a report says. Lists have the first so many of their kind, in order. */
export interface Report {
  readonly period: string;
  /** The highest bound, seconds. */
  readonly top: number;
  /** The bound that requests are counted as slow from, seconds. */
  readonly objective: number;
  readonly service: Figures;
  readonly slowest: readonly Figures[];
  readonly widest: readonly Figures[];
  readonly time: readonly Figures[];
  /** How many endpoints have too few requests for a p99. */
  readonly few: number;
}

/** @throws BadInput where nothing was timed */
export function reportOf(side: Side, top: number): Report {
  const { bounds, blocks } = side;
  const objective = objectiveOf(bounds);
  const keys = [...new Set(blocks.flatMap(({ endpoints }) => [...endpoints.keys()]))];
  const sums = keys.map((key) => [key, sumOf(blocks.flatMap(({ endpoints }) => endpoints.get(key) ?? []))] as const);
  const all = sumOf(sums.map(([, sum]) => sum));
  const figures = (key: string, counts: Counts) => figuresOf(key, counts, bounds, objective, all.seconds);
  const endpoints = sums.filter(([, { requests }]) => requests > 0).map(([key, sum]) => figures(key, sum));
  const by = (value: (one: Figures) => number | undefined) =>
    endpoints
      .filter((one) => value(one) !== undefined)
      .sort((a, b) => Number(value(b)) - Number(value(a)) || b.requests - a.requests)
      .slice(0, top);
  return {
    period: period(side),
    top: bounds.at(-1) ?? 0,
    objective,
    service: figures('the service', all),
    slowest: by(({ p99 }) => p99),
    widest: by(({ gap }) => ((gap ?? 0) >= DEFAULT_OBJECTIVES.tail.gap ? gap : undefined)),
    time: by(({ seconds }) => seconds),
    few: endpoints.filter(({ p99 }) => p99 === undefined).length,
  };
}

function figuresOf(key: string, sum: Counts, bounds: readonly number[], objective: number, all: number): Figures {
  const { counts, requests, errors, seconds } = sum;
  const timed = total(counts);
  const at = (name: keyof typeof NEEDED) =>
    timed < NEEDED[name] ? undefined : quantile(counts, bounds, QUANTILE[name])?.seconds;
  const [p50, p90, p99] = [at('p50'), at('p90'), at('p99')];
  return {
    key,
    requests,
    p50,
    p90,
    p99,
    mean: timed > 0 ? seconds / timed : undefined,
    gap:
      p99 === undefined || p50 === undefined || !Number.isFinite(p50) || p50 === 0
        ? undefined
        : Math.min(p99, bounds.at(-1) as number) / p50,
    seconds,
    share: all > 0 ? seconds / all : 0,
    slow: timed > 0 ? total(counts.slice(bounds.indexOf(objective) + 1)) / timed : undefined,
    errors: errors / Math.max(requests, 1),
  };
}
