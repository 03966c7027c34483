import { durationQueries } from './duration-queries.ts';
import { ANSWERED_PATHS, ENDPOINT, metricNames, recordedNames, STATUS_LABEL, serviceMatchers } from './names.ts';
import type { Objectives } from './objectives.ts';
import type { Recording } from './rule.ts';

/**
 * The expressions that several alerts use. The long windows of a budget are sums of these five-minute rates: querying
 * three days of a thousand endpoints at each evaluation would be the most expensive query of all.
 */
export function recordingRules(objectives: Objectives): Recording[] {
  const { requests, duration } = metricNames(objectives.prefix);
  const recorded = recordedNames(objectives.prefix);
  const scope = `${serviceMatchers(objectives)}, ${ANSWERED_PATHS}`;
  const rate = (metric: string, ...more: string[]) =>
    `sum by (job) (rate(${metric}{${[scope, ...more].join(', ')}}[5m]))`;
  const durations = durationQueries(duration, scope, objectives);
  const endpoint = ENDPOINT.join(', ');
  return [
    {
      record: recorded.requests,
      // A process without a request has no series yet; target_info makes its rate 0.
      expr: `${rate(requests)}\nor\n0 * group by (job) (target_info{${serviceMatchers(objectives)}})`,
    },
    {
      record: recorded.errors,
      // Without an error there is no series of errors; this makes the rate 0.
      expr: `${rate(requests, `${STATUS_LABEL}=~"5.."`)}\nor\n0 * ${rate(requests)}`,
    },
    { record: recorded.timed, expr: durations.timed('job', '5m') },
    { record: recorded.slow, expr: durations.slow('job', '5m') },
    { record: recorded.p99, expr: durations.quantile(0.99, endpoint, '30m') },
    { record: recorded.p50, expr: durations.quantile(0.5, endpoint, '30m') },
    { record: recorded.count, expr: durations.count(endpoint, '30m') },
  ];
}
