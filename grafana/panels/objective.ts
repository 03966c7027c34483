import { graph } from '../panel-types/graph.ts';
import { heatmap } from '../panel-types/heatmap.ts';
import { aboveTopBoundShare, bucketIncreases, type Scope, slowShare } from '../queries.ts';
import { NOW } from '../windows.ts';

export function slowOverTime(scope: Scope, target: number) {
  const allowed = Number((1 - target).toPrecision(6));
  return graph(
    {
      title: 'Slower than $objective s',
      description: `Exact share of requests slower than $objective s: counted, not estimated as percentiles are. Red line: the ${allowed * 100} % that the objective allows. Above it for minutes, users notice. Nothing here while there is traffic: $objective is no bound of the histogram (APM_BUCKETS).`,
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
        "How many requests took how long: the darker, the more. One dark band is normal. Two bands are two kinds of requests, such as cache hits and misses. A thin band far up is the tail: those users wait. The top row is everything above the histogram's top bound.",
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
        'Share of requests slower than the histogram can tell. Normal is 0. Above 1 %, p99 reads as the top bound and is really more: raise the bounds with APM_BUCKETS.',
      unit: 'percentunit',
      width: 12,
      steps: ['green', [0.01, 'red']],
    },
    [{ expr: aboveTopBoundShare(scope, NOW), name: 'above the top bound', colour: 'orange' }],
  );
}
