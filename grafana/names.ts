/** The metrics and labels in the dashboards' queries, under their exported names (`APM_METRIC_NAMES=apm`). */
import { CLIENT_DURATION, EXPORTED_LABEL, EXPORTED_NAME, SERVER_ACTIVE, SERVER_ADDRESS } from '../src/semconv.ts';

export { DURATION, METHOD_LABEL, PATH_LABEL, REQUESTS, STATUS_LABEL } from '../src/cli/rules/names.ts';

export const ACTIVE = EXPORTED_NAME[SERVER_ACTIVE];
export const OUTGOING = EXPORTED_NAME[CLIENT_DURATION];
export const HOST_LABEL = EXPORTED_LABEL[SERVER_ADDRESS];

/** Describes a process: one series for each process, both when scraped and when pushed by OTLP. */
export const INFO = 'target_info';
export const VERSION_LABEL = 'service_version';

/** The pending and firing alerts of Prometheus, one series for each. */
export const ALERTS = 'ALERTS';
