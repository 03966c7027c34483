import type { Objectives } from '../src/cli/rules/objectives.ts';
import { dashboard } from './layout.ts';
import { UID } from './links.ts';
import { durationsAround, requestsAround, sharesAround } from './panels/deploy.ts';
import * as now from './panels/now.ts';
import { beyond, durations, slowOverTime } from './panels/objective.ts';
import { against, percentiles, tail } from './panels/percentiles.ts';
import { byStatus, errorsOverTime, load } from './panels/traffic.ts';
import { ENDPOINT } from './queries.ts';
import { compare, datasource, deploy, instance, job, method, objective, path, window } from './variables.ts';

/** One endpoint: what its users get, and what a deploy did to it. */
export function endpoint(objectives: Objectives) {
  const { latency, errors } = objectives;
  return dashboard({
    uid: UID.endpoint,
    title: 'Endpoint',
    description: 'One path: what its users get, and whether a change made it faster. Measured by @org/apm.',
    variables: [
      datasource(),
      job(),
      instance(),
      path(),
      method(),
      objective(objectives),
      compare('1w'),
      deploy(),
      window(),
    ],
    rows: {
      'Is it slow or failing now?': [
        now.rate(ENDPOINT),
        now.errors(ENDPOINT, objectives),
        now.p99(ENDPOINT, objectives),
        now.p50(ENDPOINT, objectives),
        now.tailGap(ENDPOINT),
        now.slow(ENDPOINT, objectives),
      ],
      'Since when?': [
        percentiles(ENDPOINT, latency.seconds),
        byStatus(ENDPOINT),
        slowOverTime(ENDPOINT, latency.target),
        errorsOverTime(ENDPOINT, errors.target),
        durations(ENDPOINT),
        tail(ENDPOINT),
      ],
      'Did the deploy make it faster?': [durationsAround(ENDPOINT), sharesAround(ENDPOINT), requestsAround(ENDPOINT)],
      'Is it slower than $compare ago?': [against(ENDPOINT), load(ENDPOINT), beyond(ENDPOINT)],
    },
  });
}
