/** The panels of the first row: is it slow or failing now? */
import { MappingType, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';
import type { Objectives } from '../../src/cli/rules/objectives.ts';
import { stat } from '../panel-types/stat.ts';
import {
  budgetLeft,
  errorShare,
  quantile,
  requests,
  type Scope,
  slowShare,
  tailRatio,
  withoutNaN,
} from '../queries.ts';
import { NOW, RANGE } from '../windows.ts';

const GREEN = 'green';
const YELLOW = 'yellow';
const RED = 'red';
const NO_REQUESTS = 'no requests';

export function rate(scope: Scope) {
  return stat(
    {
      title: 'Requests',
      description:
        'Requests per second, now. Compare it with the graph below. A sudden drop means that requests or metrics no longer arrive: check "Last data received" on the dashboard Service.',
      unit: 'reqps',
      width: 4,
      empty: NO_REQUESTS,
    },
    { 'Requests per second': requests(scope, NOW) },
  );
}

export function errors(scope: Scope, { errors: { target } }: Objectives) {
  return stat(
    {
      title: 'Errors',
      description: `Share of requests answered with 5xx, now. Normal is 0. The objective allows ${percent(1 - target)}: yellow from there, red from ten times that. To find the endpoint, see the column Errors of "Slowest endpoints" on the dashboard Service. Errors are often fast, so percentiles can look good while requests fail.`,
      unit: 'percentunit',
      width: 4,
      decimals: 2,
      empty: NO_REQUESTS,
      steps: [GREEN, [round(1 - target), YELLOW], [round(10 * (1 - target)), RED]],
    },
    { Errors: errorShare(scope, NOW) },
  );
}

export function p99(scope: Scope, { latency, buckets }: Objectives) {
  return stat(
    {
      title: 'p99',
      description: `1 in 100 requests takes longer than this, now. Yellow above the objective of ${latency.seconds} s, red above twice that. If p50 is normal, few users wait, but they wait long. To find the endpoint, see "Slowest endpoints" on the dashboard Service. Values above the top bound of a histogram are shown as ">" that bound; native histograms have none.`,
      unit: 's',
      width: 4,
      empty: NO_REQUESTS,
      steps: [GREEN, [latency.seconds, YELLOW], [2 * latency.seconds, RED]],
      mappings: [topBoundMapping(buckets)],
    },
    { p99: withoutNaN(quantile(0.99, scope, NOW)) },
  );
}

export function p50(scope: Scope, { latency, buckets }: Objectives) {
  return stat(
    {
      title: 'p50',
      description: `Half of the requests take longer than this, now. Yellow above half the objective of ${latency.seconds} s, red above the objective. If it rises, all users wait longer: look for a busy machine, a slow database or a deploy.`,
      unit: 's',
      width: 4,
      empty: NO_REQUESTS,
      steps: [GREEN, [latency.seconds / 2, YELLOW], [latency.seconds, RED]],
      mappings: [topBoundMapping(buckets)],
    },
    { p50: withoutNaN(quantile(0.5, scope, NOW)) },
  );
}

export function tailGap(scope: Scope) {
  return stat(
    {
      title: 'Tail gap, p99 / p50',
      description:
        'p99 divided by p50, now: how many times longer the slowest 1 in 100 requests take. 2 to 10 is common. From 20 on, something delays a few requests: a lock, a retry, a full pool or garbage collection. The mean does not show this.',
      unit: 'none',
      width: 4,
      decimals: 1,
      empty: NO_REQUESTS,
      steps: [GREEN, [10, YELLOW], [20, RED]],
    },
    { 'p99 / p50': withoutNaN(tailRatio(scope, NOW)) },
  );
}

export function budget(scope: Scope, { latency }: Objectives) {
  return stat(
    {
      title: 'Latency budget left',
      description: `Unspent part of the budget for slow requests, over the time range. The objective allows ${percent(1 - latency.target)} of the requests to take longer than $objective s. 100 %: no request was slow. Below 0: the objective is missed. Select 28 days to see the monthly budget. "not a bound": $objective is not a bound of the histogram (APM_BUCKETS); native histograms take any value.`,
      unit: 'percentunit',
      width: 4,
      decimals: 0,
      empty: 'no requests, or not a bound',
      steps: [RED, [0, YELLOW], [0.5, GREEN]],
    },
    { 'Budget left': budgetLeft(scope, RANGE, latency.target) },
  );
}

export function slow(scope: Scope, { latency }: Objectives) {
  return stat(
    {
      title: 'Slower than $objective s',
      description: `Share of requests slower than $objective s, over the time range. The objective allows ${percent(1 - latency.target)}. "not a bound": select a bound of the histogram (APM_BUCKETS) as the objective; native histograms take any value.`,
      unit: 'percentunit',
      width: 4,
      decimals: 2,
      empty: 'no requests, or not a bound',
      steps: [GREEN, [round(1 - latency.target), YELLOW], [round(10 * (1 - latency.target)), RED]],
    },
    { Slower: slowShare(scope, RANGE) },
  );
}

/** Removes binary rounding errors: 1 - 0.999 is 0.0010000000000000009. */
function round(share: number): number {
  return Number(share.toPrecision(6));
}

function percent(share: number): string {
  return `${round(share * 100)} %`;
}

/**
 * Shows the top bound of a histogram as `> 10 s`: the true percentile is above it by an unknown amount. Only this value,
 * because a native histogram knows what is above.
 */
function topBoundMapping(bounds: readonly number[]): ValueMapping {
  const top = Math.max(...bounds);
  return {
    type: MappingType.ValueToText,
    options: { [top]: { text: `> ${top} s`, color: RED } },
  };
}
