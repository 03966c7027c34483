/** The metrics and labels in the dashboards' queries, under their exported names (`APM_METRIC_NAMES=apm`). */
import { metricNames } from '../src/cli/rules/names.ts';
import {
  CLIENT_DURATION,
  DB_DURATION,
  DB_OPERATION,
  DB_SYSTEM,
  EXPORTED_LABEL,
  EXPORTED_NAME,
  SERVER_ACTIVE,
  SERVER_ADDRESS,
} from '../src/semconv.ts';

export { METHOD_LABEL, ON_LABEL, PATH_LABEL, SLOW_LABEL, STATUS_LABEL } from '../src/cli/rules/names.ts';

/** The variable with `APM_METRIC_PREFIX` of the services, before the name of each metric of this package. */
const PREFIX = `\${prefix}`;

export const { requests: REQUESTS, duration: DURATION, timeSpent: TIME_SPENT } = metricNames(PREFIX);
export const ACTIVE = PREFIX + EXPORTED_NAME[SERVER_ACTIVE];
export const OUTGOING = PREFIX + EXPORTED_NAME[CLIENT_DURATION];
export const DATABASES = PREFIX + EXPORTED_NAME[DB_DURATION];
export const HOST_LABEL = EXPORTED_LABEL[SERVER_ADDRESS];
export const SYSTEM_LABEL = EXPORTED_LABEL[DB_SYSTEM];
export const OPERATION_LABEL = EXPORTED_LABEL[DB_OPERATION];

/** Describes a process: one series for each process, both when scraped and when pushed by OTLP. */
export const INFO = 'target_info';
export const VERSION_LABEL = 'service_version';

/** The pending and firing alerts of Prometheus, one series for each. */
export const ALERTS = 'ALERTS';
