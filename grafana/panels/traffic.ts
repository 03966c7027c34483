import { STATUS_LABEL } from '../names.ts';
import { graph } from '../panel-types/graph.ts';
import { errorShare, requests, type Scope, withMatchers } from '../queries.ts';
import { earlier, NOW } from '../windows.ts';

const CLASSES = [
  ['2xx', 'green'],
  ['3xx', 'blue'],
  ['4xx', 'yellow'],
  ['5xx', 'red'],
] as const;

export function byClass(scope: Scope) {
  return graph(
    {
      title: 'Requests by status',
      description:
        "Requests answered each second, stacked by class of status. Red is ours to fix. Yellow is mostly the callers', but 499 is a user who gave up waiting. A hole means no traffic, or no metrics: see Last data received above.",
      unit: 'reqps',
      width: 12,
      stacked: true,
    },
    CLASSES.map(([name, colour]) => ({
      // 0 where none was ever answered: a class that is missing could as well be a broken query.
      expr: `${requests(withMatchers(scope, `${STATUS_LABEL}=~"${name[0]}.."`), NOW)} or ${requests(scope, NOW)} * 0`,
      name,
      colour,
    })),
  );
}

export function byStatus(scope: Scope) {
  return graph(
    {
      title: 'Requests by status code',
      description:
        'Requests answered each second, a line for each status code. 499: the user left before an answer. 503 and 504 point at what this endpoint calls, 500 at its own code, 429 at a limit.',
      unit: 'reqps',
      width: 12,
    },
    [{ expr: requests(scope, NOW, [STATUS_LABEL]), name: `{{${STATUS_LABEL}}}` }],
  );
}

export function requestsCompared(scope: Scope) {
  return graph(
    {
      title: 'Requests against $compare ago',
      description:
        'Requests answered each second. Dashed: the same $compare ago. Read percentiles beside this: slower under twice the load is another matter than slower under the same.',
      unit: 'reqps',
      width: 12,
    },
    [
      { expr: requests(scope, NOW), name: 'now', colour: 'blue' },
      { expr: requests(scope, earlier(NOW)), name: '$compare ago', colour: 'blue', dashed: true },
    ],
  );
}

export function errorsOverTime(scope: Scope, target: number) {
  const allowed = Number((1 - target).toPrecision(6));
  return graph(
    {
      title: 'Errors',
      description: `Share of requests answered with a 5xx. Normal is a flat 0. Red line: what the objective allows, ${Number((allowed * 100).toPrecision(6))} %. A step that begins at a deploy mark is that deploy's: roll it back first, ask later.`,
      unit: 'percentunit',
      width: 12,
      steps: ['green', [allowed, 'red']],
    },
    [{ expr: errorShare(scope, NOW), name: 'errors', colour: 'red' }],
  );
}
