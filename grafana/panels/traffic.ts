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
        'Requests per second, stacked by status class. Red (5xx): errors of the service. Yellow (4xx): mostly errors of the callers, but 499 is a user who stopped waiting. A gap means no traffic or no metrics: check "Last data received" above.',
      unit: 'reqps',
      width: 12,
      stacked: true,
    },
    CLASSES.map(([name, colour]) => ({
      // 0 for a class without requests, because a missing line could also be a broken query.
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
        'Requests per second, one line for each status code. 499: the user left before the answer. 500: usually an error in the code of the endpoint. 503 and 504: usually a service that it calls. 429: a rate limit.',
      unit: 'reqps',
      width: 12,
    },
    [{ expr: requests(scope, NOW, [STATUS_LABEL]), name: `{{${STATUS_LABEL}}}` }],
  );
}

export function requestsCompared(scope: Scope) {
  return graph(
    {
      title: 'Requests, compared with $compare ago',
      description:
        'Requests per second. Dashed line: $compare ago. Compare it with the percentiles beside it: if the load changed too, the load may be the reason for slower requests.',
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
      description: `Share of requests answered with 5xx. Normal is 0. Red line: the ${Number((allowed * 100).toPrecision(6))} % that the objective allows. If it rises at a deploy mark, the deploy is the cause: roll it back, then look for the error.`,
      unit: 'percentunit',
      width: 12,
      steps: ['green', [allowed, 'red']],
    },
    [{ expr: errorShare(scope, NOW), name: 'errors', colour: 'red' }],
  );
}
