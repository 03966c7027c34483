import { endpointLink } from '../links.ts';
import { DURATION, METHOD_LABEL, PATH_LABEL } from '../names.ts';
import { table } from '../panel-types/table.ts';
import { errorShare, mean, quantile, type Scope, tailRatio, total, withoutNaN } from '../queries.ts';
import { earlier, RANGE, type TimeWindow } from '../windows.ts';

const ROW = ['job', PATH_LABEL, METHOD_LABEL];
const ON = `on (${ROW.join(', ')})`;

/** The endpoints with enough requests for a tail to mean something. */
const enoughRequests = (scope: Scope, window: TimeWindow): string =>
  `${ON} (${total(`${DURATION}_count`, scope, window, ROW)} >= $min_requests)`;

export function slowestEndpoints(scope: Scope) {
  const among = (expr: string) => `(${expr}) and ${enoughRequests(scope, RANGE)}`;
  const seconds = total(`${DURATION}_sum`, scope, RANGE, ROW);
  const allSeconds = `scalar(${total(`${DURATION}_sum`, scope, RANGE)})`;
  return table(
    {
      title: 'Slowest endpoints',
      description:
        'Over the time range, slowest p99 first, only endpoints with at least $min_requests requests. A high p99 with a low p50: few users wait long, so look for stalls. Both high: everyone waits. Share of time: where making it faster saves most. A mean far below p99 is the one to mistrust. Click a row for its own dashboard. Path "unmatched" answered no route, "other" is past APM_MAX_PATHS.',
      unit: 's',
      width: 24,
      empty: 'no endpoint had enough requests',
      rows: ROW,
      sortBy: 'p99',
      link: endpointLink(),
    },
    [
      { name: 'p99', expr: `sort_desc(${among(quantile(0.99, scope, RANGE, ROW))})` },
      { name: 'p50', expr: among(quantile(0.5, scope, RANGE, ROW)) },
      { name: 'Mean', expr: among(mean(scope, RANGE, ROW)) },
      {
        name: 'Tail gap',
        expr: among(tailRatio(scope, RANGE, ROW)),
        unit: 'suffix:×',
        steps: ['text', [10, 'yellow'], [20, 'red']],
      },
      { name: 'Requests', expr: among(`${total(`${DURATION}_count`, scope, RANGE, ROW)} / $__range_s`), unit: 'reqps' },
      {
        name: 'Errors',
        expr: among(errorShare(scope, RANGE, ROW)),
        unit: 'percentunit',
        steps: ['text', [0.001, 'yellow'], [0.01, 'red']],
      },
      { name: 'Share of time', expr: among(`${seconds} / ${allSeconds}`), unit: 'percentunit' },
    ],
  );
}

export function slowedDownEndpoints(scope: Scope) {
  const then = earlier(RANGE);
  const among = (expr: string) => `(${expr}) and ${enoughRequests(scope, RANGE)} and ${enoughRequests(scope, then)}`;
  const ratio = (q: number) => `${quantile(q, scope, RANGE, ROW)} / ${quantile(q, scope, then, ROW)}`;
  return table(
    {
      title: 'Most slowed down since $compare ago',
      description:
        'Each endpoint over the time range against the same stretch $compare ago; both with at least $min_requests requests. 1.0 is as then, 2.0 is twice as slow. p99 moves by chance when requests are few: believe it when p50 moved too, or when requests are many. Click a row for its own dashboard.',
      unit: 's',
      width: 24,
      height: 8,
      empty: 'nothing to compare with: no data $compare ago, or too few requests',
      rows: ROW,
      sortBy: 'p99 now / then',
      link: endpointLink(),
    },
    [
      {
        name: 'p99 now / then',
        expr: `sort_desc(${among(withoutNaN(ratio(0.99)))})`,
        unit: 'suffix:×',
        steps: ['text', [1.25, 'yellow'], [2, 'red']],
      },
      {
        name: 'p50 now / then',
        expr: among(withoutNaN(ratio(0.5))),
        unit: 'suffix:×',
        steps: ['text', [1.25, 'yellow'], [2, 'red']],
      },
      { name: 'p99 now', expr: among(quantile(0.99, scope, RANGE, ROW)) },
      { name: 'p99 then', expr: among(quantile(0.99, scope, then, ROW)) },
    ],
  );
}
