import { graph } from '../panel-types/graph.ts';
import { heatmap } from '../panel-types/heatmap.ts';
import { aboveTopBoundShare, bucketIncreases, type Scope, slowShare } from '../queries.ts';
import { NOW } from '../windows.ts';

export function slowOverTime(scope: Scope, target: number) {
  const allowed = Number((1 - target).toPrecision(6));
  return graph(
    {
      title: 'Slower than $objective s',
      description: `Share of requests slower than $objective s. Red line: the ${allowed * 100} % that the objective allows. If it stays above the line for minutes, users notice. Empty in spite of traffic: $objective is not a bound of the histogram (APM_BUCKETS); native histograms take any value.`,
      unit: 'percentunit',
      width: 12,
      steps: ['green', [allowed, 'red']],
    },
    [{ expr: slowShare(scope, NOW), name: 'slower than $objective s', colour: 'orange' }],
  );
}

export function durationHeatmap(scope: Scope) {
  return heatmap(
    {
      title: 'Durations',
      description:
        'Number of requests by duration: darker means more. One dark band is normal. Two bands are two kinds of requests, such as cache hits and misses. A thin band far above is the tail: those users wait. The top row of a histogram with bounds contains all requests above its top bound.',
      unit: 's',
      width: 12,
    },
    bucketIncreases(scope, NOW),
  );
}

export function aboveTopBound(scope: Scope) {
  return graph(
    {
      title: 'Above the top bound',
      description:
        'Share of requests slower than the top bound of the histogram. Normal is 0. Above 1 %, p99 is shown as the top bound although it is higher: add higher bounds to APM_BUCKETS. Native histograms have no top bound.',
      unit: 'percentunit',
      width: 12,
      steps: ['green', [0.01, 'red']],
    },
    [{ expr: aboveTopBoundShare(scope, NOW), name: 'above the top bound', colour: 'orange' }],
  );
}
