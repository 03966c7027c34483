/** The metrics and labels that the dashboards ask for, as they are exported (`APM_METRIC_NAMES=apm`). */
import { CLIENT_DURATION, EXPORTED_LABEL, EXPORTED_NAME, SERVER_ACTIVE, SERVER_ADDRESS } from '../src/semconv.ts';

export { DURATION, METHOD_LABEL, PATH_LABEL, REQUESTS, STATUS_LABEL } from '../src/cli/rules/names.ts';

export const ACTIVE = EXPORTED_NAME[SERVER_ACTIVE];
export const OUTGOING = EXPORTED_NAME[CLIENT_DURATION];
export const HOST_LABEL = EXPORTED_LABEL[SERVER_ADDRESS];

/** Who a process is: one series for each, in the scrape's text and of what OTLP brings alike. */
export const INFO = 'target_info';
export const VERSION_LABEL = 'service_version';

/** The alerts that Prometheus holds to be true, one series for each. */
export const ALERTS = 'ALERTS';
