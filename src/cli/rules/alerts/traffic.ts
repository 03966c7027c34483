import { EVALUATION_INTERVAL_SECONDS } from '../interval.ts';
import { serviceLink } from '../links.ts';
import { recorded, services } from '../names.ts';
import type { Objectives } from '../objectives.ts';
import type { Alert } from '../rule.ts';

/** Nobody comes, or nobody is measured: what every percentile is silent about. */
export const trafficAlerts = (objectives: Objectives): Alert[] => [
  trafficGone(objectives),
  metricsMissing(objectives),
  targetDown(objectives),
];

/** An hour until then has this time yesterday in its middle. */
const AROUND_YESTERDAY = '23h30m';

/** The service is up and nobody calls it. */
function trafficGone(objectives: Objectives): Alert {
  const { minRequests, traffic } = objectives;
  const { requests } = recorded(objectives);
  const before = `avg_over_time(${requests}[1h] offset 10m)`;
  return {
    alert: 'HttpTrafficGone',
    expr: [
      `${requests} < ${traffic} * ${before}`,
      'and',
      `sum_over_time(${requests}[1h] offset 10m) * ${EVALUATION_INTERVAL_SECONDS} > ${minRequests}`,
      // Some services close for the night, some minutes earlier than yesterday: quiet is a quarter of the hour around this
      // time yesterday. Without a yesterday nobody knows what is usual, and whoever tried a new service out is left alone.
      'and',
      `quantile_over_time(0.25, ${requests}[1h] offset ${AROUND_YESTERDAY}) > ${traffic} * ${before}`,
    ].join('\n'),
    for: '5m',
    labels: { severity: 'page' },
    annotations: {
      summary: '{{ $labels.job }}: traffic is gone: {{ $value | printf "%.3g" }} requests/s',
      description: `Less than ${Number((traffic * 100).toPrecision(10))} % of the hour before, and yesterday it was not so quiet around this time. The processes are there and measured, so look in front of them: load balancer, DNS, certificate, gateway, a client that was released or stopped. Or every request is now answered 404 without a route: see "Requests without an endpoint".\nIt ends when requests come again, or after an hour of quiet; it says nothing of a service that had no yesterday.`,
      dashboard: serviceLink(objectives),
    },
  };
}

/** The service was measured and is not any more, by whatever way its metrics come. A rolling deploy keeps the job. */
function metricsMissing(objectives: Objectives): Alert {
  const scope = services(objectives);
  return {
    alert: 'HttpMetricsMissing',
    expr: [
      `max by (job) (max_over_time(${recorded(objectives).requests}[1d])) > 0`,
      'unless on (job)',
      `group by (job) (target_info{${scope}})`,
    ].join('\n'),
    for: '5m',
    labels: { severity: 'page' },
    annotations: {
      summary: '{{ $labels.job }}: no process of it is measured any more',
      description:
        'It had up to {{ $value | printf "%.3g" }} requests/s within the last day, and no alert can see it now. Does it run? Was the preload or its port lost in a deploy (npx apm doctor says)? Pushed: does the Collector run, and its queue move; or were all processes started again, and has nobody asked since? They push from their first request on. Scraped: Prometheus, Status, Targets.\nWhere the service was taken out of use, silence this; it ends after a day.',
      dashboard: serviceLink(objectives),
    },
  };
}

/** One of the targets Prometheus should scrape does not answer. */
function targetDown(objectives: Objectives): Alert {
  return {
    alert: 'HttpMetricsMissing',
    // Of services only: whether other targets answer is not for this file to say.
    expr: [
      `up{${services(objectives)}} == 0`,
      'and on (job)',
      `max by (job) (max_over_time(${recorded(objectives).requests}[1d])) > 0`,
    ].join('\n'),
    for: '5m',
    labels: { severity: 'ticket' },
    annotations: {
      summary: '{{ $labels.job }}: {{ $labels.instance }} cannot be scraped',
      description:
        'Prometheus, Status, Targets says why. "connection refused": the process is down, or its metrics server listens on localhost only (OTEL_EXPORTER_PROMETHEUS_HOST). 401: APM_AUTH_TOKEN is set there and missing here. A timeout: its event loop is blocked. npx apm doctor, on that machine, says more.',
      dashboard: serviceLink(objectives),
    },
  };
}
