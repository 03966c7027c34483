import { ANSWERED, bucketOf, DURATION, ENDPOINT, RECORDED, REQUESTS, STATUS_LABEL, services } from './names.ts';
import type { Objectives } from './objectives.ts';
import type { Recording } from './rule.ts';

/**
 * What the alerts ask again and again. The long windows of a budget are summed up from the five minutes recorded here: to
 * ask a thousand endpoints for three days every half minute would cost more than all else.
 */
export function recordings(objectives: Objectives): Recording[] {
  const scope = `${services(objectives)}, ${ANSWERED}`;
  const rate = (metric: string, ...more: string[]) =>
    `sum by (job) (rate(${metric}{${[scope, ...more].join(', ')}}[5m]))`;
  const endpoint = ENDPOINT.join(', ');
  const quantile = (q: number) =>
    `histogram_quantile(${q}, sum by (${endpoint}, le) (rate(${DURATION}_bucket{${scope}}[30m])))`;
  // Series by series: a process with other bounds than the rest can be judged by none, and must not count as slow.
  const timed = `rate(${DURATION}_count{${scope}}[5m])`;
  const fast = `rate(${DURATION}_bucket{${scope}, ${bucketOf(objectives.latency.seconds)}}[5m])`;
  return [
    {
      record: RECORDED.requests,
      // A process that was asked nothing yet has no series to be 0.
      expr: `${rate(REQUESTS)}\nor\n0 * group by (job) (target_info{${services(objectives)}})`,
    },
    {
      record: RECORDED.errors,
      // Without an error there is no series of one.
      expr: `${rate(REQUESTS, `${STATUS_LABEL}=~"5.."`)}\nor\n0 * ${rate(REQUESTS)}`,
    },
    { record: RECORDED.timed, expr: `sum by (job) (\n  ${timed}\n  and ignoring (le)\n  ${fast}\n)` },
    { record: RECORDED.slow, expr: `sum by (job) (\n  ${timed}\n  - ignoring (le)\n  ${fast}\n)` },
    { record: RECORDED.p99, expr: quantile(0.99) },
    { record: RECORDED.p50, expr: quantile(0.5) },
    { record: RECORDED.count, expr: `sum by (${endpoint}) (increase(${DURATION}_count{${scope}}[30m]))` },
  ];
}
