import {
  DATABASES,
  HOST_LABEL,
  METHOD_LABEL,
  OPERATION_LABEL,
  OUTGOING,
  STATUS_LABEL,
  SYSTEM_LABEL,
} from '../names.ts';
import { type Column, table } from '../panel-types/table.ts';
import {
  durationCount,
  durationSum,
  mean,
  quantile,
  ratioOrZero,
  type Scope,
  withMatchers,
  withoutNaN,
} from '../queries.ts';
import { RANGE } from '../windows.ts';

const HOST_ROW = [HOST_LABEL, METHOD_LABEL];
const DATABASE_ROW = [SYSTEM_LABEL, HOST_LABEL, OPERATION_LABEL];

/** 5xx, or an empty status: the call got no answer. */
const FAILED = `${STATUS_LABEL}=~"5..|"`;

/** What is known of every kind of calls. */
const columns = (scope: Scope, row: readonly string[], metric: string): Column[] => [
  { name: 'p99', expr: `sort_desc(${withoutNaN(quantile(0.99, scope, RANGE, row, metric))})` },
  { name: 'p50', expr: withoutNaN(quantile(0.5, scope, RANGE, row, metric)) },
  { name: 'Mean', expr: mean(scope, RANGE, row, metric) },
  { name: 'Calls', expr: `${durationCount(scope, RANGE, row, metric)} / $__range_s > 0`, unit: 'reqps' },
  { name: 'Total time', expr: `${durationSum(scope, RANGE, row, metric)} > 0` },
];

export function outgoingCalls(scope: Scope) {
  const calls = durationCount(scope, RANGE, HOST_ROW, OUTGOING);
  const failed = durationCount(withMatchers(scope, FAILED), RANGE, HOST_ROW, OUTGOING);
  return table(
    {
      title: 'Outgoing HTTP calls',
      description:
        'Outgoing HTTP calls by host over the time range, highest p99 first. If a host is as slow as the slow endpoint, it is the cause: contact its owners, or use a shorter timeout. Failed: 5xx, or no answer. "Where the time goes" on the dashboard Endpoint shows which endpoints wait for it.',
      unit: 's',
      width: 24,
      height: 8,
      empty: 'no outgoing calls (APM_OUTGOING)',
      rows: HOST_ROW,
      sortBy: 'p99',
    },
    [
      ...columns(scope, HOST_ROW, OUTGOING),
      {
        name: 'Failed',
        expr: `(${ratioOrZero(failed, calls)}) and ${calls} > 0`,
        unit: 'percentunit',
        steps: ['text', [0.001, 'yellow'], [0.01, 'red']],
      },
    ],
  );
}

export function databaseCalls(scope: Scope) {
  return table(
    {
      title: 'Databases and caches',
      description:
        'Calls of databases and caches by operation over the time range, most time in total first. Many fast calls can cost more than a few slow ones: look for a query in a loop. The operation connect is waiting for a connection: a pool that is too small, or a query that keeps its connection too long.',
      unit: 's',
      width: 24,
      height: 8,
      empty: 'no database calls (APM_DATABASES)',
      rows: DATABASE_ROW,
      sortBy: 'Total time',
    },
    columns(scope, DATABASE_ROW, DATABASES),
  );
}
