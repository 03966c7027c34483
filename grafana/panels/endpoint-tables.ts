import { endpointLink } from '../links.ts';
import { METHOD_LABEL, PATH_LABEL } from '../names.ts';
import { table } from '../panel-types/table.ts';
import {
  durationCount,
  durationSum,
  errorShare,
  mean,
  quantile,
  type Scope,
  tailRatio,
  withoutNaN,
} from '../queries.ts';
import { earlier, RANGE, type TimeWindow } from '../windows.ts';

const ROW = ['job', PATH_LABEL, METHOD_LABEL];
const ON = `on (${ROW.join(', ')})`;

/** Selects endpoints with enough requests for a meaningful p99. */
const enoughRequests = (scope: Scope, window: TimeWindow): string =>
  `${ON} (${durationCount(scope, window, ROW)} >= $min_requests)`;

export function slowestEndpoints(scope: Scope) {
  const onlyBusy = (expr: string) => `(${expr}) and ${enoughRequests(scope, RANGE)}`;
  const seconds = durationSum(scope, RANGE, ROW);
  const allSeconds = `scalar(${durationSum(scope, RANGE)})`;
  return table(
    {
      title: 'Slowest endpoints',
      description:
        'Endpoints with at least $min_requests requests over the time range, highest p99 first. High p99 and low p50: few users wait, but they wait long. Both high: all users wait. Share of time: a faster endpoint with a high share saves most. If the mean is far below p99, do not trust the mean. Click a row to open its dashboard. Path "unmatched": no route answered. Path "other": more paths than APM_MAX_PATHS.',
      unit: 's',
      width: 24,
      empty: 'no endpoint had enough requests',
      rows: ROW,
      sortBy: 'p99',
      link: endpointLink(),
    },
    [
      { name: 'p99', expr: `sort_desc(${onlyBusy(quantile(0.99, scope, RANGE, ROW))})` },
      { name: 'p50', expr: onlyBusy(quantile(0.5, scope, RANGE, ROW)) },
      { name: 'Mean', expr: onlyBusy(mean(scope, RANGE, ROW)) },
      {
        name: 'Tail gap',
        expr: onlyBusy(tailRatio(scope, RANGE, ROW)),
        unit: 'suffix:×',
        steps: ['text', [10, 'yellow'], [20, 'red']],
      },
      {
        name: 'Requests',
        expr: onlyBusy(`${durationCount(scope, RANGE, ROW)} / $__range_s`),
        unit: 'reqps',
      },
      {
        name: 'Errors',
        expr: onlyBusy(errorShare(scope, RANGE, ROW)),
        unit: 'percentunit',
        steps: ['text', [0.001, 'yellow'], [0.01, 'red']],
      },
      { name: 'Share of time', expr: onlyBusy(`${seconds} / ${allSeconds}`), unit: 'percentunit' },
    ],
  );
}

export function slowedDownEndpoints(scope: Scope) {
  const before = earlier(RANGE);
  const onlyBusy = (expr: string) =>
    `(${expr}) and ${enoughRequests(scope, RANGE)} and ${enoughRequests(scope, before)}`;
  const ratio = (q: number) => `${quantile(q, scope, RANGE, ROW)} / ${quantile(q, scope, before, ROW)}`;
  return table(
    {
      title: 'Largest slowdowns, compared with $compare ago',
      description:
        'Compares each endpoint over the time range with the same period $compare ago. Both need at least $min_requests requests. 1.0 is unchanged, 2.0 is twice as slow. With few requests p99 changes by chance: trust it if p50 changed too, or if there are many requests. Click a row to open its dashboard.',
      unit: 's',
      width: 24,
      height: 8,
      empty: 'nothing to compare: no data from $compare ago, or too few requests',
      rows: ROW,
      sortBy: 'p99 now / before',
      link: endpointLink(),
    },
    [
      {
        name: 'p99 now / before',
        expr: `sort_desc(${onlyBusy(withoutNaN(ratio(0.99)))})`,
        unit: 'suffix:×',
        steps: ['text', [1.25, 'yellow'], [2, 'red']],
      },
      {
        name: 'p50 now / before',
        expr: onlyBusy(withoutNaN(ratio(0.5))),
        unit: 'suffix:×',
        steps: ['text', [1.25, 'yellow'], [2, 'red']],
      },
      { name: 'p99 now', expr: onlyBusy(quantile(0.99, scope, RANGE, ROW)) },
      { name: 'p99 before', expr: onlyBusy(quantile(0.99, scope, before, ROW)) },
    ],
  );
}
