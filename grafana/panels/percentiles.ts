import { graph } from '../panel-types/graph.ts';
import { mean, quantile, type Scope, tailRatio, withoutNaN } from '../queries.ts';
import { earlier, NOW } from '../windows.ts';

const EARLIER = '#8e8e8e';

export function percentiles(scope: Scope, seconds: number) {
  return graph(
    {
      title: 'Percentiles, and what the mean says',
      description: `Solid: 1 in 100 (p99), 1 in 10 (p90), and half (p50) of the requests take longer. Dashed: the mean, which hides the slow ones. If only p99 rises, few users wait long: something stalls some requests. If all rise, everyone waits: look for a blue deploy mark, or more load. Red line: the objective, ${seconds} s. A flat p99 at the histogram's top bound means: at least that.`,
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
        'p99 divided by p50: how many times longer the unlucky 1 in 100 waits. Dashed: the same $compare ago. Near the dashed line is normal. Above it for long, something has begun to stall a few requests, though the mean may look harmless.',
      unit: 'none',
      width: 12,
    },
    [
      { expr: withoutNaN(tailRatio(scope, NOW)), name: 'p99 / p50', colour: 'purple' },
      { expr: withoutNaN(tailRatio(scope, earlier(NOW))), name: `$compare ago`, colour: EARLIER, dashed: true },
    ],
  );
}

export function percentilesCompared(scope: Scope) {
  return graph(
    {
      title: 'p99 and p50 against $compare ago',
      description:
        'Solid: now. Dashed: the same hour $compare ago. On top of each other is normal. A solid line above its dashed one is slower than then: compare the load in Requests, then look for a deploy. Empty dashed lines: no data is that old.',
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
