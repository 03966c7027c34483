/** Did the change make it faster? Compares the time before a deploy with the time after it. */

import { stat } from '../panel-types/stat.ts';
import { type Column, table } from '../panel-types/table.ts';
import { durationCount, errorShare, mean, quantile, type Scope, slowShare, withoutNaN } from '../queries.ts';
import { AFTER, BEFORE, type TimeWindow } from '../windows.ts';

const NAME = 'figure';

/** Several figures as one vector, with their names in a label. The number in front keeps them in this order. */
function namedFigures(figures: Record<string, string>): string {
  return Object.entries(figures)
    .map(([name, expr], index) => `label_replace(${expr}, "${NAME}", "${index + 1} ${name}", "", "")`)
    .join(' or ');
}

const durationsOf = (scope: Scope, window: TimeWindow): string =>
  namedFigures({
    p50: withoutNaN(quantile(0.5, scope, window)),
    p90: withoutNaN(quantile(0.9, scope, window)),
    p99: withoutNaN(quantile(0.99, scope, window)),
    mean: mean(scope, window),
  });

const sharesOf = (scope: Scope, window: TimeWindow): string =>
  namedFigures({ errors: errorShare(scope, window), 'slower than $objective s': slowShare(scope, window) });

function beforeAndAfter(of: (window: TimeWindow) => string): [Column, Column] {
  return [
    { name: 'Before', expr: of(BEFORE) },
    { name: 'After', expr: of(AFTER) },
  ];
}

export function durationsAroundDeploy(scope: Scope) {
  const of = (window: TimeWindow) => durationsOf(scope, window);
  return table(
    {
      title: 'Durations before and after the deploy',
      description:
        'Compares the $window before the selected deploy with the $window after it, without the minute of the switch. Below 0 is faster. Small changes are noise: to see how much noise there is, select another window, or a time without a deploy. After a new deploy, wait until $window has passed.',
      unit: 's',
      width: 12,
      height: 8,
      empty: 'no requests before or after',
      rows: [NAME],
    },
    [
      ...beforeAndAfter(of),
      {
        name: 'Change',
        expr: `(${of(AFTER)}) / (${of(BEFORE)}) - 1`,
        unit: 'percentunit',
        steps: ['green', [0, 'text'], [0.1, 'red']],
      },
    ],
  );
}

export function sharesAroundDeploy(scope: Scope) {
  return table(
    {
      title: 'Errors and slow requests before and after',
      description:
        'Share of requests answered with 5xx, and share of requests slower than $objective s, in the $window before and after the deploy. More errors after the deploy: roll back. Errors are often fast, so check this panel before you conclude that a deploy made the endpoint faster.',
      unit: 'percentunit',
      width: 6,
      height: 8,
      empty: 'no requests before or after',
      rows: [NAME],
    },
    beforeAndAfter((window) => sharesOf(scope, window)),
  );
}

export function requestsAroundDeploy(scope: Scope) {
  const of = (window: TimeWindow) => durationCount(scope, window);
  return stat(
    {
      title: 'Requests compared',
      description:
        'Number of requests on each side of the comparison. Below 100, p99 is a single request: select a longer window. If the numbers differ a lot, the load changed too, and the deploy is not the only difference.',
      unit: 'short',
      width: 6,
      height: 8,
      decimals: 0,
      empty: 'no requests',
      steps: ['red', [100, 'text']],
    },
    { before: of(BEFORE), after: of(AFTER) },
  );
}
