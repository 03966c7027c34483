import type { Objectives } from '../src/cli/rules/objectives.ts';
import { buildDashboard } from './layout.ts';
import { UID } from './links.ts';
import * as now from './panels/current-values.ts';
import { durationsAroundDeploy, requestsAroundDeploy, sharesAroundDeploy } from './panels/deploy.ts';
import { aboveTopBound, durationHeatmap, slowOverTime } from './panels/objective.ts';
import { percentiles, percentilesCompared, tailGapOverTime } from './panels/percentiles.ts';
import { slowTimeSpent, timeSpent } from './panels/time-spent.ts';
import { byStatus, errorsOverTime, requestsCompared } from './panels/traffic.ts';
import { ENDPOINT } from './queries.ts';
import { compare, datasource, deploy, instance, job, method, objective, path, prefix, window } from './variables.ts';

/** The dashboard of one endpoint: how fast it is for its users, where its time goes, and how a deploy changed that. */
export function endpointDashboard(objectives: Objectives) {
  const { latency, errors } = objectives;
  return buildDashboard({
    uid: UID.endpoint,
    title: 'Endpoint',
    description:
      'One endpoint: how fast it is for its users, where its time goes, and whether a change made it faster. Measured by @org/apm.',
    variables: [
      datasource(),
      prefix(),
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
        durationHeatmap(ENDPOINT),
        tailGapOverTime(ENDPOINT),
      ],
      'Where does the time go?': [timeSpent(ENDPOINT), slowTimeSpent(ENDPOINT)],
      'Did the deploy make it faster?': [
        durationsAroundDeploy(ENDPOINT),
        sharesAroundDeploy(ENDPOINT),
        requestsAroundDeploy(ENDPOINT),
      ],
      'Is it slower than $compare ago?': [
        percentilesCompared(ENDPOINT),
        requestsCompared(ENDPOINT),
        aboveTopBound(ENDPOINT),
      ],
    },
  });
}
