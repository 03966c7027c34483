import { graph } from '../panel-types/graph.ts';
import { mean, quantile, type Scope, tailRatio, withoutNaN } from '../queries.ts';
import { earlier, NOW } from '../windows.ts';

const EARLIER_COLOUR = '#8e8e8e';

export function percentiles(scope: Scope, seconds: number) {
  return graph(
    {
      title: 'Percentiles and mean',
      description: `Solid lines: 1 in 100 (p99), 1 in 10 (p90) and half (p50) of the requests take longer. Dashed line: the mean, which hides the slow requests. If only p99 rises, something delays a few requests. If all lines rise, all users wait longer: look for a blue deploy mark or more load. Red line: the objective, ${seconds} s. A flat p99 at the top bound of a histogram: the true p99 is higher.`,
      unit: 's',
      width: 12,
      steps: ['green', [seconds, 'red']],
    },
    [
      { expr: withoutNaN(quantile(0.99, scope, NOW)), name: 'p99', colour: 'red' },
      { expr: withoutNaN(quantile(0.9, scope, NOW)), name: 'p90', colour: 'orange' },
      { expr: withoutNaN(quantile(0.5, scope, NOW)), name: 'p50', colour: 'green' },
      { expr: mean(scope, NOW), name: 'mean', colour: 'blue', dashed: true },
    ],
  );
}

export function tailGapOverTime(scope: Scope) {
  return graph(
    {
      title: 'Tail gap, p99 / p50',
      description:
        'p99 divided by p50: how many times longer the slowest 1 in 100 requests take. Dashed line: $compare ago. Close to the dashed line is normal. If it stays above the dashed line, something has begun to delay a few requests, even if the mean looks normal.',
      unit: 'none',
      width: 12,
    },
    [
      { expr: withoutNaN(tailRatio(scope, NOW)), name: 'p99 / p50', colour: 'purple' },
      { expr: withoutNaN(tailRatio(scope, earlier(NOW))), name: `$compare ago`, colour: EARLIER_COLOUR, dashed: true },
    ],
  );
}

export function percentilesCompared(scope: Scope) {
  return graph(
    {
      title: 'p99 and p50, compared with $compare ago',
      description:
        'Solid lines: now. Dashed lines: $compare ago. Solid close to dashed is normal. Solid above dashed: slower than before. Check whether the load changed too, then look for a deploy. No dashed lines: there is no data from that time.',
      unit: 's',
      width: 12,
    },
    [
      { expr: withoutNaN(quantile(0.99, scope, NOW)), name: 'p99', colour: 'red' },
      { expr: withoutNaN(quantile(0.99, scope, earlier(NOW))), name: 'p99 $compare ago', colour: 'red', dashed: true },
      { expr: withoutNaN(quantile(0.5, scope, NOW)), name: 'p50', colour: 'green' },
      { expr: withoutNaN(quantile(0.5, scope, earlier(NOW))), name: 'p50 $compare ago', colour: 'green', dashed: true },
    ],
  );
}
