import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { DEFAULT_OBJECTIVES } from '../src/cli/rules/objectives.ts';
import { endpoint } from './endpoint.ts';
import { service } from './service.ts';

/** Every dashboard by the name of its file. */
export const DASHBOARDS: Readonly<Record<string, Dashboard>> = {
  service: service(DEFAULT_OBJECTIVES),
  endpoint: endpoint(DEFAULT_OBJECTIVES),
};

/** As it is committed. */
export const json = (dashboard: Dashboard): string => `${JSON.stringify(dashboard, null, 2)}\n`;
