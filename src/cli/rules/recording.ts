import {
  ANSWERED_PATHS,
  bucketMatcher,
  ENDPOINT,
  metricNames,
  recordedNames,
  STATUS_LABEL,
  serviceMatchers,
} from './names.ts';
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
  const endpoint = ENDPOINT.join(', ');
  const quantile = (q: number) =>
    `histogram_quantile(${q}, sum by (${endpoint}, le) (rate(${duration}_bucket{${scope}}[30m])))`;
  // Subtracted series by series: a process without this bound has no bucket here, and must not count as slow.
  const timed = `rate(${duration}_count{${scope}}[5m])`;
  const fast = `rate(${duration}_bucket{${scope}, ${bucketMatcher(objectives.latency.seconds)}}[5m])`;
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
    { record: recorded.timed, expr: `sum by (job) (\n  ${timed}\n  and ignoring (le)\n  ${fast}\n)` },
    { record: recorded.slow, expr: `sum by (job) (\n  ${timed}\n  - ignoring (le)\n  ${fast}\n)` },
    { record: recorded.p99, expr: quantile(0.99) },
    { record: recorded.p50, expr: quantile(0.5) },
    { record: recorded.count, expr: `sum by (${endpoint}) (increase(${duration}_count{${scope}}[30m]))` },
  ];
}
