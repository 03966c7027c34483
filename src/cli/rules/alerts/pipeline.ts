import { collectorLink, serviceLink } from '../links.ts';
import { EVERY_JOB, PAST_THE_CAP, REQUESTS, services } from '../names.ts';
import type { Objectives } from '../objectives.ts';
import type { Alert } from '../rule.ts';

/** The measuring itself: what is counted under a wrong name, or does not arrive. */
export const pipelineAlerts = (objectives: Objectives): Alert[] => [
  pathCap(objectives),
  ...(objectives.job === EVERY_JOB ? collectorAlerts(objectives) : []),
];

/** A Collector is nobody's: it is spoken of in the one file that is not for some services alone. */
const collectorAlerts = (objectives: Objectives): Alert[] => [
  queueFilling(objectives),
  queueFull(objectives),
  refused(objectives),
];

function pathCap(objectives: Objectives): Alert {
  return {
    alert: 'HttpPathCapReached',
    // What is there, not what it grew by: of a series that has just appeared, `increase` sees nothing.
    expr: `sum by (job) (${REQUESTS}{${services(objectives)}, ${PAST_THE_CAP}}) > 0`,
    for: '5m',
    labels: { severity: 'ticket' },
    annotations: {
      summary: '{{ $labels.job }}: {{ $value | humanize }} requests are counted as path "other"',
      description:
        'It has more distinct paths than APM_MAX_PATHS; endpoints seen since are hidden in "other". Totals stay right. Most often ids are in a place where they are not recognised: see the paths at /metrics, and name their templates in APM_ROUTES. If all are real routes, raise APM_MAX_PATHS.\nIt ends when the processes are started again.',
      dashboard: serviceLink(objectives),
    },
  };
}

const QUEUE = 'otelcol_exporter_queue_size / otelcol_exporter_queue_capacity';
/** Some versions of the Collector write `_total`, some do not. */
const points = (which: string) =>
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
        'What it sends to does not take it, or not fast enough. Nothing is lost yet. Is Prometheus up, its disk not full? The Collector’s log says what it answers. What waits longer than out_of_order_time_window is refused when it arrives.',
      dashboard: collectorLink(objectives),
    },
  };
}

function queueFull(objectives: Objectives): Alert {
  return {
    alert: 'OtelCollectorQueueFilling',
    expr: points('enqueue_failed'),
    for: '2m',
    labels: { severity: 'page' },
    annotations: {
      summary:
        'Collector {{ $labels.instance }}: the queue of {{ $labels.exporter }} is full; {{ $value | printf "%.3g" }} points/s are refused',
      description:
        'Services push their totals again, so counts will be right afterwards; the time in between is lost. Bring back what the Collector sends to, or give the queue more room (sending_queue.queue_size) on its disk.',
      dashboard: collectorLink(objectives),
    },
  };
}

function refused(objectives: Objectives): Alert {
  return {
    alert: 'OtelCollectorPointsRefused',
    expr: points('send_failed'),
    for: '2m',
    labels: { severity: 'page' },
    annotations: {
      summary:
        'Collector {{ $labels.instance }}: what {{ $labels.exporter }} sends is refused for good: {{ $value | printf "%.3g" }} points/s are lost',
      description:
        'Not for now, which would wait in the queue, but for good. Its log says the answer. 404: Prometheus runs without --web.enable-otlp-receiver. "out of order" or "too old": what waited longer than out_of_order_time_window. 401 or 413: a token, or a limit of what it sends to.',
      dashboard: collectorLink(objectives),
    },
  };
}
