import { budgetAlerts } from './alerts/budgets.ts';
import { endpointAlerts } from './alerts/endpoints.ts';
import { pipelineAlerts } from './alerts/pipeline.ts';
import { trafficAlerts } from './alerts/traffic.ts';
import { EVALUATION_INTERVAL_SECONDS } from './interval.ts';
import type { Objectives } from './objectives.ts';
import { recordings } from './recording.ts';
import type { Group } from './rule.ts';

/** Everything Prometheus is to evaluate for these objectives. One group, so that alerts see what was just recorded. */
export function groups(objectives: Objectives): Group[] {
  const rules = [
    ...recordings(objectives),
    ...budgetAlerts(objectives),
    ...endpointAlerts(objectives),
    ...trafficAlerts(objectives),
    ...pipelineAlerts(objectives),
  ];
  return [{ name: 'apm', interval: `${EVALUATION_INTERVAL_SECONDS}s`, rules }];
}
