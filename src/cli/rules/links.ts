import { METHOD_LABEL, PATH_LABEL } from './names.ts';
import type { Objectives } from './objectives.ts';

/** The variables of a dashboard that select the service. */
const serviceVariables = ({ prefix }: Objectives): string =>
  `${prefix === '' ? '' : `var-prefix=${prefix}&`}var-job={{ $labels.job | urlquery }}`;

const grafanaUrl = ({ grafana }: Objectives): string => grafana.replace(/\/+$/, '');

/** The dashboard of a service, by its uid in grafana/. */
export const serviceLink = (objectives: Objectives): string =>
  `${grafanaUrl(objectives)}/d/apm-service?${serviceVariables(objectives)}`;

/** The dashboard of all services: a Collector has no dashboard of its own. */
export const collectorLink = (objectives: Objectives): string => `${grafanaUrl(objectives)}/d/apm-service`;

/** The dashboard of one endpoint. */
export const endpointLink = (objectives: Objectives): string =>
  `${grafanaUrl(objectives)}/d/apm-endpoint?${serviceVariables(objectives)}` +
  [PATH_LABEL, METHOD_LABEL].map((label) => `&var-${label}={{ $labels.${label} | urlquery }}`).join('');
