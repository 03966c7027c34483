import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { DEFAULT_OBJECTIVES } from '../src/cli/rules/objectives.ts';
import { endpointDashboard } from './endpoint.ts';
import { serviceDashboard } from './service.ts';

/** Every dashboard, by the name of its file. */
export const DASHBOARDS: Readonly<Record<string, Dashboard>> = {
  service: serviceDashboard(DEFAULT_OBJECTIVES),
  endpoint: endpointDashboard(DEFAULT_OBJECTIVES),
};

/** The text of the committed file. */
export const toJson = (dashboard: Dashboard): string => `${JSON.stringify(dashboard, null, 2)}\n`;
