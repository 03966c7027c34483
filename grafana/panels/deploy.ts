/** Did the change make it faster? The stretch before a deploy against the one after it. */

import { DURATION } from '../names.ts';
import { stat } from '../panel-types/stat.ts';
import { type Column, table } from '../panel-types/table.ts';
import { errorShare, mean, quantile, type Scope, slowShare, total, withoutNaN } from '../queries.ts';
import { AFTER, BEFORE, type TimeWindow } from '../windows.ts';

const NAME = 'figure';

/** One vector of several figures, each under its name; the digit keeps them in this order. */
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
        'The $window before the deploy chosen at the top against the $window after it; the minute of the switch is left out. Below 0 is faster. Small steps are noise: believe a change that is larger than the one you get by choosing another window, or a moment without a deploy. After a fresh deploy, wait until $window have passed.',
      unit: 's',
      width: 12,
      height: 8,
      empty: 'no requests on either side',
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
        'Share of requests answered with a 5xx, and share slower than $objective s, in the $window before and after the deploy. More errors after it: roll back. Errors answer fast, so look here before believing that a deploy made things faster.',
      unit: 'percentunit',
      width: 6,
      height: 8,
      empty: 'no requests on either side',
      rows: [NAME],
    },
    beforeAndAfter((window) => sharesOf(scope, window)),
  );
}

export function requestsAroundDeploy(scope: Scope) {
  const of = (window: TimeWindow) => total(`${DURATION}_count`, scope, window);
  return stat(
    {
      title: 'Requests compared',
      description:
        'How many requests each side of the comparison rests on. Below 100, p99 is a single request: choose a longer window. Very different numbers: the load changed too, and the comparison is not about the deploy alone.',
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
