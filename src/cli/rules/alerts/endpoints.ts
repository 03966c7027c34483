import { endpointLink } from '../links.ts';
import { ANSWERED, bucketOf, DURATION, ENDPOINT, METHOD_LABEL, PATH_LABEL, recorded, services } from '../names.ts';
import type { Objectives } from '../objectives.ts';
import type { Alert } from '../rule.ts';

const WHO = `{{ $labels.job }}: {{ $labels.${METHOD_LABEL} }} {{ $labels.${PATH_LABEL} }}`;

/** Each is of one endpoint, says nothing of a handful of requests, and waits until it has stayed so. */
export const endpointAlerts = (objectives: Objectives): Alert[] => [
  tailGap(objectives),
  slowerThanLastWeek(objectives),
  aboveTopBound(objectives),
];

/** The mean and the median look as ever, and some users wait. */
function tailGap(objectives: Objectives): Alert {
  const { latency, minRequests, tail } = objectives;
  const { p99, p50, count } = recorded(objectives);
  return {
    alert: 'HttpTailGapWidening',
    expr: [
      `${p99} / ${p50} > ${tail.gap}`,
      'and',
      // What nobody notices wakes nobody.
      `${p99} > ${latency.seconds}`,
      'and',
      `${count} > ${minRequests}`,
      // Without a yesterday it is new, and new is wide enough.
      'unless',
      `(${p99} / ${p50} <= ${tail.growth} * (${p99} offset 1d / ${p50} offset 1d) and ${count} offset 1d > ${minRequests})`,
    ].join('\n'),
    for: '10m',
    labels: { severity: 'ticket' },
    annotations: {
      summary: `${WHO}: 1 request in 100 takes {{ $value | humanize }} times as long as half of them`,
      description:
        `p99 is above ${latency.seconds} s and more than ${tail.growth} times as far from p50 as yesterday, or there was no yesterday. A few users wait while the mean looks fine.\n` +
        'Look at its percentiles and heatmap: two clouds are two ways through the code. Usual causes: a call that times out and is tried again, a lock, an exhausted pool, a cold cache, one bad instance (choose instances one by one).\n' +
        'It ends by itself when it narrows, or after a day at the same width.',
      dashboard: endpointLink(objectives),
    },
  };
}

/** Slow creep, release by release, that no threshold sees. */
function slowerThanLastWeek(objectives: Objectives): Alert {
  const { minRequests, slower } = objectives;
  const { p99, count } = recorded(objectives);
  return {
    alert: 'HttpEndpointSlowerThanLastWeek',
    expr: [
      `${p99} / ${p99} offset 1w > ${slower.factor}`,
      'and',
      `${p99} > ${slower.seconds}`,
      'and',
      `${count} > ${minRequests}`,
      'and',
      `${count} offset 1w > ${minRequests}`,
    ].join('\n'),
    for: '1h',
    labels: { severity: 'ticket' },
    annotations: {
      summary: `${WHO}: p99 is {{ $value | humanize }} times what it was a week ago at this time`,
      description:
        'For an hour, with enough requests then and now. Look at "p99 and p50 against a week ago", and with "before and after" at the deploys in between: the one where it stepped up is the cause; without a step it is growing data or load. Undo that release or plan the repair; in a week this is what it is compared with, and the alert ends.',
      dashboard: endpointLink(objectives),
    },
  };
}

/** A percentile above the highest bound is only "more than". */
function aboveTopBound(objectives: Objectives): Alert {
  const { buckets, minRequests, aboveTop } = objectives;
  const { count } = recorded(objectives);
  const top = buckets.at(-1) as number;
  const scope = `${services(objectives)}, ${ANSWERED}`;
  const all = `increase(${DURATION}_count{${scope}}[30m])`;
  const below = `increase(${DURATION}_bucket{${scope}, ${bucketOf(top)}}[30m])`;
  const sum = `sum by (${ENDPOINT.join(', ')})`;
  return {
    alert: 'HttpDurationAboveTopBound',
    expr: [
      // Series by series, as the budget's: a process with a lower top bound is judged by none.
      `${sum} (${all} - ignoring (le) ${below}) / ${sum} (${all}) > ${aboveTop}`,
      'and',
      `${count} > ${minRequests}`,
    ].join('\n'),
    for: '10m',
    labels: { severity: 'ticket' },
    annotations: {
      summary: `${WHO}: {{ $value | humanizePercentage }} of the requests take longer than ${top} s, and nobody knows how long`,
      description: `The highest bound of the histogram is ${top} s; percentiles above it read as ${top} s, and a change there shows nowhere. If the endpoint may take so long, set APM_BUCKETS with higher bounds, here as --buckets too; if not, look at its dashboard for when it began.`,
      dashboard: endpointLink(objectives),
    },
  };
}
