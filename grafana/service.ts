import type { Objectives } from '../src/cli/rules/objectives.ts';
import { buildDashboard } from './layout.ts';
import { UID } from './links.ts';
import { firingAlerts } from './panels/alerts.ts';
import { p99ByVersion, requestsByVersion } from './panels/by-version.ts';
import { requestsWithoutEndpoint } from './panels/coverage.ts';
import * as now from './panels/current-values.ts';
import { slowedDownEndpoints, slowestEndpoints } from './panels/endpoint-tables.ts';
import { inFlight, lastDataReceived, processCount } from './panels/health.ts';
import { aboveTopBound, durationHeatmap, slowOverTime } from './panels/objective.ts';
import { databaseCalls, outgoingCalls } from './panels/outgoing-calls.ts';
import { percentiles, percentilesCompared, tailGapOverTime } from './panels/percentiles.ts';
import { slowTimeSpent, timeSpent } from './panels/time-spent.ts';
import { byClass, errorsOverTime } from './panels/traffic.ts';
import { MATCHED, SERVICE } from './queries.ts';
import { compare, datasource, instance, job, minRequests, objective, prefix } from './variables.ts';

/** The dashboard of a service: is it slow or failing, since when, and which endpoint causes it? */
export function serviceDashboard(objectives: Objectives) {
  const { latency, errors } = objectives;
  return buildDashboard({
    uid: UID.service,
    title: 'Service',
    description:
      'Is the service slow or failing, since when, and where? Percentiles, errors and budgets include only requests that a route answered, as the alerts do. Requests without a route ("unmatched") have a panel of their own. Measured by @org/apm.',
    variables: [
      datasource(),
      prefix(),
      job(),
      instance(),
      objective(objectives),
      minRequests(objectives),
      compare('1d'),
    ],
    rows: {
      'Is it slow or failing now?': [
        now.rate(SERVICE),
        now.errors(MATCHED, objectives),
        now.p99(MATCHED, objectives),
        now.p50(MATCHED, objectives),
        now.tailGap(MATCHED),
        now.budget(MATCHED, objectives),
        firingAlerts(),
        lastDataReceived(SERVICE),
        processCount(SERVICE),
      ],
      'Since when?': [
        percentiles(MATCHED, latency.seconds),
        byClass(SERVICE),
        slowOverTime(MATCHED, latency.target),
        errorsOverTime(MATCHED, errors.target),
      ],
      'Which endpoint?': [slowestEndpoints(SERVICE), slowedDownEndpoints(SERVICE)],
      'Are all users affected, or only a few?': [tailGapOverTime(MATCHED), durationHeatmap(MATCHED)],
      'Is the cause a deploy, or a service it calls?': [
        p99ByVersion(SERVICE),
        requestsByVersion(SERVICE),
        percentilesCompared(MATCHED),
        inFlight(SERVICE),
        timeSpent(MATCHED),
        slowTimeSpent(MATCHED),
        outgoingCalls(SERVICE),
        databaseCalls(SERVICE),
      ],
      'Can these figures be trusted?': [requestsWithoutEndpoint(SERVICE), aboveTopBound(SERVICE)],
    },
  });
}
