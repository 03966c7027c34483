/** The metrics and labels that the dashboards ask for, as they are exported (`APM_METRIC_NAMES=apm`). */
import {
  CLIENT_DURATION,
  EXPORTED_LABEL,
  EXPORTED_NAME,
  METHOD,
  ROUTE,
  SERVER_ACTIVE,
  SERVER_ADDRESS,
  SERVER_DURATION,
  SERVER_REQUESTS,
  STATUS_CODE,
} from '../src/semconv.ts';

export const REQUESTS = EXPORTED_NAME[SERVER_REQUESTS];
export const DURATION = EXPORTED_NAME[SERVER_DURATION];
export const ACTIVE = EXPORTED_NAME[SERVER_ACTIVE];
export const OUTGOING = EXPORTED_NAME[CLIENT_DURATION];

export const PATH_LABEL = EXPORTED_LABEL[ROUTE];
export const METHOD_LABEL = EXPORTED_LABEL[METHOD];
export const STATUS_LABEL = EXPORTED_LABEL[STATUS_CODE];
export const HOST_LABEL = EXPORTED_LABEL[SERVER_ADDRESS];

/** Who a process is: one series for each, in the scrape's text and of what OTLP brings alike. */
export const INFO = 'target_info';
export const VERSION_LABEL = 'service_version';

/** The alerts that Prometheus holds to be true, one series for each. */
export const ALERTS = 'ALERTS';
