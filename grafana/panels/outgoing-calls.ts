import { HOST_LABEL, METHOD_LABEL, OUTGOING, STATUS_LABEL } from '../names.ts';
import { table } from '../panel-types/table.ts';
import { durationCount, mean, quantile, ratioOrZero, type Scope, withMatchers, withoutNaN } from '../queries.ts';
import { RANGE } from '../windows.ts';

const ROW = [HOST_LABEL, METHOD_LABEL];

/** 5xx, or an empty status: the call got no answer. */
const FAILED = `${STATUS_LABEL}=~"5..|"`;

export function outgoingCalls(scope: Scope) {
  const calls = durationCount(scope, RANGE, ROW, OUTGOING);
  const failed = durationCount(withMatchers(scope, FAILED), RANGE, ROW, OUTGOING);
  return table(
    {
      title: 'Outgoing HTTP calls',
      description:
        'Outgoing HTTP calls by host over the time range, highest p99 first. If a host is as slow as the slow endpoint, it is the cause: contact its owners, or use a shorter timeout. Failed: 5xx, or no answer. Database calls that do not use HTTP are not included.',
      unit: 's',
      width: 24,
      height: 8,
      empty: 'no outgoing calls (APM_OUTGOING)',
      rows: ROW,
      sortBy: 'p99',
    },
    [
      { name: 'p99', expr: `sort_desc(${withoutNaN(quantile(0.99, scope, RANGE, ROW, OUTGOING))})` },
      { name: 'p50', expr: withoutNaN(quantile(0.5, scope, RANGE, ROW, OUTGOING)) },
      { name: 'Mean', expr: mean(scope, RANGE, ROW, OUTGOING) },
      { name: 'Calls', expr: `${calls} / $__range_s > 0`, unit: 'reqps' },
      {
        name: 'Failed',
        expr: `(${ratioOrZero(failed, calls)}) and ${calls} > 0`,
        unit: 'percentunit',
        steps: ['text', [0.001, 'yellow'], [0.01, 'red']],
      },
    ],
  );
}
