import { METHOD_LABEL, PATH_LABEL } from './names.ts';
import type { Objectives } from './objectives.ts';

const JOB_VARIABLE = 'var-job={{ $labels.job | urlquery }}';

const grafanaUrl = ({ grafana }: Objectives): string => grafana.replace(/\/+$/, '');

/** The dashboard of a service, by its uid in grafana/. */
export const serviceLink = (objectives: Objectives): string =>
  `${grafanaUrl(objectives)}/d/apm-service?${JOB_VARIABLE}`;

/** The dashboard of all services: a Collector has no dashboard of its own. */
export const collectorLink = (objectives: Objectives): string => `${grafanaUrl(objectives)}/d/apm-service`;

/** The dashboard of one endpoint. */
export const endpointLink = (objectives: Objectives): string =>
  `${grafanaUrl(objectives)}/d/apm-endpoint?${JOB_VARIABLE}` +
  [PATH_LABEL, METHOD_LABEL].map((label) => `&var-${label}={{ $labels.${label} | urlquery }}`).join('');
