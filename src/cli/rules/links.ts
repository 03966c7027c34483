import { METHOD_LABEL, PATH_LABEL } from './names.ts';
import type { Objectives } from './objectives.ts';

const base = ({ grafana }: Objectives): string => grafana.replace(/\/+$/, '');
const JOB = 'var-job={{ $labels.job | urlquery }}';

/** The dashboard of a whole service, by the uid it has in grafana/. */
export const serviceLink = (objectives: Objectives): string => `${base(objectives)}/d/apm-service?${JOB}`;

/** The dashboard of services, where a Collector has no place of its own. */
export const collectorLink = (objectives: Objectives): string => `${base(objectives)}/d/apm-service`;

/** The dashboard of one endpoint. */
export const endpointLink = (objectives: Objectives): string =>
  `${base(objectives)}/d/apm-endpoint?${JOB}` +
  [PATH_LABEL, METHOD_LABEL].map((label) => `&var-${label}={{ $labels.${label} | urlquery }}`).join('');
