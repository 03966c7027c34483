/** The first row: is it slow or failing now? */
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
const NOTHING = 'no requests';

export function rate(scope: Scope) {
  return stat(
    {
      title: 'Requests',
      description:
        'Requests answered each second, now. Compare it with the graph below. A sudden drop means that users no longer get through, or that the metrics do not: check Last data received on the dashboard Service.',
      unit: 'reqps',
      width: 4,
      empty: NOTHING,
    },
    { 'Requests a second': requests(scope, NOW) },
  );
}

export function errors(scope: Scope, { errors: { target } }: Objectives) {
  return stat(
    {
      title: 'Errors',
      description: `Share of requests answered with a 5xx, now. Normal is 0. The objective allows ${percent(1 - target)}; from there on it is yellow, from ten times that red. Which endpoint: Slowest endpoints on the dashboard Service, column Errors. Errors often answer fast, so percentiles can look good meanwhile.`,
      unit: 'percentunit',
      width: 4,
      decimals: 2,
      empty: NOTHING,
      steps: [GREEN, [round(1 - target), YELLOW], [round(10 * (1 - target)), RED]],
    },
    { Errors: errorShare(scope, NOW) },
  );
}

export function p99(scope: Scope, { latency, buckets }: Objectives) {
  return stat(
    {
      title: 'p99',
      description: `1 request in 100 takes longer than this, now. Yellow above the objective of ${latency.seconds} s, red above twice that. If p50 is fine, few users wait, but those wait long. Which endpoint: Slowest endpoints on the dashboard Service. Above the histogram's top bound it can only be said that it is more.`,
      unit: 's',
      width: 4,
      empty: NOTHING,
      steps: [GREEN, [latency.seconds, YELLOW], [2 * latency.seconds, RED]],
      mappings: [atLeast(buckets)],
    },
    { p99: withoutNaN(quantile(0.99, scope, NOW)) },
  );
}

export function p50(scope: Scope, { latency, buckets }: Objectives) {
  return stat(
    {
      title: 'p50',
      description: `Half of the requests take longer than this, now. Yellow above half the objective of ${latency.seconds} s, red above the objective. When this rises, everyone waits: look for a busy machine, a slow database, or a deploy.`,
      unit: 's',
      width: 4,
      empty: NOTHING,
      steps: [GREEN, [latency.seconds / 2, YELLOW], [latency.seconds, RED]],
      mappings: [atLeast(buckets)],
    },
    { p50: withoutNaN(quantile(0.5, scope, NOW)) },
  );
}

export function tailGap(scope: Scope) {
  return stat(
    {
      title: 'Tail gap, p99 / p50',
      description:
        'p99 divided by p50, now: how much longer the unlucky 1 in 100 waits. 2 to 10 is common. From 20 on, a mean says nothing any more: something stalls a few requests, such as a lock, a retry, a full pool or garbage collection.',
      unit: 'none',
      width: 4,
      decimals: 1,
      empty: NOTHING,
      steps: [GREEN, [10, YELLOW], [20, RED]],
    },
    { 'p99 / p50': withoutNaN(tailRatio(scope, NOW)) },
  );
}

export function budget(scope: Scope, { latency }: Objectives) {
  return stat(
    {
      title: 'Latency budget left',
      description: `Over the time range: what is left of the slow requests the objective allows. It allows ${percent(1 - latency.target)} to take longer than $objective s. 100 % means none was slow; below 0 the objective is broken. Choose 28 days for the month's budget. "not a bound": $objective is no bound of the histogram (APM_BUCKETS).`,
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
      description: `Exact share of requests slower than $objective s, over the time range. The objective allows ${percent(1 - latency.target)}. "not a bound": choose a bound of the histogram (APM_BUCKETS).`,
      unit: 'percentunit',
      width: 4,
      decimals: 2,
      empty: 'no requests, or not a bound',
      steps: [GREEN, [round(1 - latency.target), YELLOW], [round(10 * (1 - latency.target)), RED]],
    },
    { Slower: slowShare(scope, RANGE) },
  );
}

/** Without the tail of binary fractions: 1 - 0.999 is 0.0010000000000000009. */
function round(share: number): number {
  return Number(share.toPrecision(6));
}

function percent(share: number): string {
  return `${round(share * 100)} %`;
}

/** A percentile that reaches the histogram's top bound is at least that; by how much more nobody knows. */
function atLeast(bounds: readonly number[]): ValueMapping {
  const top = Math.max(...bounds);
  return {
    type: MappingType.RangeToText,
    options: { from: top, to: null, result: { text: `> ${top} s`, color: RED } },
  };
}
