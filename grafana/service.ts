import type { Objectives } from '../src/cli/rules/objectives.ts';
import { dashboard } from './layout.ts';
import { UID } from './links.ts';
import { alerts } from './panels/alerts.ts';
import { p99ByVersion, requestsByVersion } from './panels/by-version.ts';
import { coverage } from './panels/coverage.ts';
import { inFlight, instances, lastData } from './panels/health.ts';
import * as now from './panels/now.ts';
import { beyond, durations, slowOverTime } from './panels/objective.ts';
import { outgoing } from './panels/outgoing.ts';
import { against, percentiles, tail } from './panels/percentiles.ts';
import { regressed, slowest } from './panels/slowest.ts';
import { byClass, errorsOverTime } from './panels/traffic.ts';
import { ANSWERED, SERVICE } from './queries.ts';
import { compare, datasource, instance, job, minRequests, objective } from './variables.ts';

/** Is the service slow or failing, since when, and which endpoint is it? */
export function service(objectives: Objectives) {
  const { latency, errors } = objectives;
  return dashboard({
    uid: UID.service,
    title: 'Service',
    description:
      'Is the service slow or failing, since when, and where? Percentiles, errors and budgets are of requests that a route answered, as in the alerts; "unmatched" ones are counted, and have a panel. Measured by @org/apm.',
    variables: [datasource(), job(), instance(), objective(objectives), minRequests(objectives), compare('1d')],
    rows: {
      'Is it slow or failing now?': [
        now.rate(SERVICE),
        now.errors(ANSWERED, objectives),
        now.p99(ANSWERED, objectives),
        now.p50(ANSWERED, objectives),
        now.tailGap(ANSWERED),
        now.budget(ANSWERED, objectives),
        alerts(),
        lastData(SERVICE),
        instances(SERVICE),
      ],
      'Since when?': [
        percentiles(ANSWERED, latency.seconds),
        byClass(SERVICE),
        slowOverTime(ANSWERED, latency.target),
        errorsOverTime(ANSWERED, errors.target),
      ],
      'Which endpoint?': [slowest(SERVICE), regressed(SERVICE)],
      'Everyone, or the unlucky few?': [tail(ANSWERED), durations(ANSWERED)],
      'Is it a deploy, or something it calls?': [
        p99ByVersion(SERVICE),
        requestsByVersion(SERVICE),
        against(ANSWERED),
        inFlight(SERVICE),
        outgoing(SERVICE),
      ],
      'Can these figures be trusted?': [coverage(SERVICE), beyond(SERVICE)],
    },
  });
}
