import { collectorLink, serviceLink } from '../links.ts';
import { CAPPED_PATH, EVERY_JOB, metricNames, serviceMatchers } from '../names.ts';
import type { Objectives } from '../objectives.ts';
import type { Alert } from '../rule.ts';

/** Alerts for the measurement itself: wrong paths, and metrics that do not arrive. */
export const pipelineAlerts = (objectives: Objectives): Alert[] => [
  pathCap(objectives),
  ...(objectives.job === EVERY_JOB ? collectorAlerts(objectives) : []),
];

/** A Collector belongs to no service, so only the general file has these. */
const collectorAlerts = (objectives: Objectives): Alert[] => [
  queueFilling(objectives),
  queueFull(objectives),
  pointsRefused(objectives),
];

function pathCap(objectives: Objectives): Alert {
  return {
    alert: 'HttpPathCapReached',
    // The total, not its increase: a series that just appeared has no increase.
    expr: `sum by (job) (${metricNames(objectives.prefix).requests}{${serviceMatchers(objectives)}, ${CAPPED_PATH}}) > 0`,
    for: '5m',
    labels: { severity: 'ticket' },
    annotations: {
      summary: '{{ $labels.job }}: {{ $value | humanize }} requests are counted as path "other"',
      description:
        'It has more routes, or more paths guessed from URLs, than APM_MAX_PATHS, so new ones are counted as "other". Totals stay right, and a guess never takes the place of a route. "apm doctor" on the machine of the service says which limit is reached. Usually the paths contain ids that were not recognised: check the paths at /metrics, and name their templates in APM_ROUTES. If all of them are real routes, raise APM_MAX_PATHS.\nThe alert ends when the processes restart.',
      dashboard: serviceLink(objectives),
    },
  };
}

const QUEUE = 'otelcol_exporter_queue_size / otelcol_exporter_queue_capacity';
/** Some Collector versions append `_total`. */
const failedPoints = (which: string) =>
  `sum by (job, instance, exporter) (rate({__name__=~"otelcol_exporter_${which}_metric_points(_total)?"}[5m])) > 0`;

function queueFilling(objectives: Objectives): Alert {
  return {
    alert: 'OtelCollectorQueueFilling',
    expr: `${QUEUE} > ${objectives.queue}`,
    for: '5m',
    labels: { severity: 'ticket' },
    annotations: {
      summary:
        'Collector {{ $labels.instance }}: the queue of {{ $labels.exporter }} is {{ $value | humanizePercentage }} full',
      description:
        'The receiver refuses the data, or is too slow. Nothing is lost yet. Check that Prometheus runs and has disk space. The Collector’s log has its answers. Data that waits longer than out_of_order_time_window will be refused.',
      dashboard: collectorLink(objectives),
    },
  };
}

function queueFull(objectives: Objectives): Alert {
  return {
    alert: 'OtelCollectorQueueFilling',
    expr: failedPoints('enqueue_failed'),
    for: '2m',
    labels: { severity: 'page' },
    annotations: {
      summary:
        'Collector {{ $labels.instance }}: the queue of {{ $labels.exporter }} is full; {{ $value | printf "%.3g" }} points/s are refused',
      description:
        'Services push totals, so counts will be right afterwards; the time in between is lost. Restore the receiver, or enlarge the queue (sending_queue.queue_size) on its disk.',
      dashboard: collectorLink(objectives),
    },
  };
}

function pointsRefused(objectives: Objectives): Alert {
  return {
    alert: 'OtelCollectorPointsRefused',
    expr: failedPoints('send_failed'),
    for: '2m',
    labels: { severity: 'page' },
    annotations: {
      summary:
        'Collector {{ $labels.instance }}: the receiver of {{ $labels.exporter }} rejects {{ $value | printf "%.3g" }} points/s; they are lost',
      description:
        'The rejection is permanent: a temporary one would wait in the queue. The Collector’s log has the answer. 404: Prometheus runs without --web.enable-otlp-receiver. "out of order" or "too old": the data waited longer than out_of_order_time_window. 401 or 413: a wrong token, or a size limit of the receiver.',
      dashboard: collectorLink(objectives),
    },
  };
}
