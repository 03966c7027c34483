import { serviceLink } from '../links.ts';
import { recordedSeries, serviceMatchers } from '../names.ts';
import type { Objectives } from '../objectives.ts';
import { type Alert, EVALUATION_INTERVAL_SECONDS } from '../rule.ts';

/** Alerts for missing requests and missing metrics, which no percentile shows. */
export const trafficAlerts = (objectives: Objectives): Alert[] => [
  trafficGone(objectives),
  metricsMissing(objectives),
  targetDown(objectives),
];

/** The hour up to this offset has the same time of yesterday in its middle. */
const YESTERDAY_OFFSET = '23h30m';

/** The service runs, but gets no requests. */
function trafficGone(objectives: Objectives): Alert {
  const { minRequests, traffic } = objectives;
  const { requests } = recordedSeries(objectives);
  const before = `avg_over_time(${requests}[1h] offset 10m)`;
  return {
    alert: 'HttpTrafficGone',
    expr: [
      `${requests} < ${traffic} * ${before}`,
      'and',
      `sum_over_time(${requests}[1h] offset 10m) * ${EVALUATION_INTERVAL_SECONDS} > ${minRequests}`,
      // Some services are quiet every night, starting a few minutes earlier or later. So it is no alert if a quarter of the
      // hour around this time yesterday was quiet too, nor for a new service, whose usual traffic is unknown.
      'and',
      `quantile_over_time(0.25, ${requests}[1h] offset ${YESTERDAY_OFFSET}) > ${traffic} * ${before}`,
    ].join('\n'),
    for: '5m',
    labels: { severity: 'page' },
    annotations: {
      summary: '{{ $labels.job }}: traffic is gone: {{ $value | printf "%.3g" }} requests/s',
      description: `Less than ${Number((traffic * 100).toPrecision(10))} % of the hour before; yesterday there was more at this time. The processes run and are measured, so check what is in front of them: load balancer, DNS, certificate, gateway, a client that was released or stopped. Or all requests are now answered with 404, without a route: check "Requests without an endpoint".\nThe alert ends when requests return, or after an hour without them. It does not fire for a service that is younger than a day.`,
      dashboard: serviceLink(objectives),
    },
  };
}

/** The service was measured and no longer is, scraped or pushed. A rolling deploy keeps the job. */
function metricsMissing(objectives: Objectives): Alert {
  const scope = serviceMatchers(objectives);
  return {
    alert: 'HttpMetricsMissing',
    expr: [
      `max by (job) (max_over_time(${recordedSeries(objectives).requests}[1d])) > 0`,
      'unless on (job)',
      `group by (job) (target_info{${scope}})`,
    ].join('\n'),
    for: '5m',
    labels: { severity: 'page' },
    annotations: {
      summary: '{{ $labels.job }}: no process is measured any more',
      description:
        'It had up to {{ $value | printf "%.3g" }} requests/s within the last day; now no alert covers it. Check that it runs, and that no deploy lost the preload or its port (npx apm doctor). Pushed: check that the Collector runs and its queue moves. Processes push from their first request on, so after a restart without requests there are no metrics either. Scraped: check Status, Targets in Prometheus.\nIf the service was shut down on purpose, silence this alert; it ends after a day.',
      dashboard: serviceLink(objectives),
    },
  };
}

/** Prometheus cannot scrape one of the targets. */
function targetDown(objectives: Objectives): Alert {
  return {
    alert: 'HttpMetricsMissing',
    // Only targets that are services; others are not measured by this package.
    expr: [
      `up{${serviceMatchers(objectives)}} == 0`,
      'and on (job)',
      `max by (job) (max_over_time(${recordedSeries(objectives).requests}[1d])) > 0`,
    ].join('\n'),
    for: '5m',
    labels: { severity: 'ticket' },
    annotations: {
      summary: '{{ $labels.job }}: {{ $labels.instance }} cannot be scraped',
      description:
        'Status, Targets in Prometheus shows the reason. "connection refused": the process is down, or its metrics server listens on localhost only (OTEL_EXPORTER_PROMETHEUS_HOST). 401: Prometheus lacks the token in APM_AUTH_TOKEN. Timeout: its event loop is blocked. Run npx apm doctor on that machine for details.',
      dashboard: serviceLink(objectives),
    },
  };
}
