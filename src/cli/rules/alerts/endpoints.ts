import { endpointLink } from '../links.ts';
import {
  ANSWERED_PATHS,
  bucketMatcher,
  ENDPOINT,
  METHOD_LABEL,
  metricNames,
  PATH_LABEL,
  recordedSeries,
  serviceMatchers,
} from '../names.ts';
import type { Objectives } from '../objectives.ts';
import type { Alert } from '../rule.ts';
import { timeSpentLine } from '../time-spent.ts';

const ENDPOINT_TITLE = `{{ $labels.job }}: {{ $labels.${METHOD_LABEL} }} {{ $labels.${PATH_LABEL} }}`;

/** Alerts for one endpoint each. They need a minimum of requests, and a condition that lasts. */
export const endpointAlerts = (objectives: Objectives): Alert[] => [
  tailGap(objectives),
  slowerThanLastWeek(objectives),
  // Native histograms have no highest bound.
  ...(objectives.histogram === 'explicit' ? [aboveTopBound(objectives)] : []),
];

/** Mean and median are normal, but some users wait. */
function tailGap(objectives: Objectives): Alert {
  const { latency, minRequests, tail } = objectives;
  const { p99, p50, count } = recordedSeries(objectives);
  const slowTime = timeSpentLine(objectives, {
    who: 'Its slow requests',
    labels: ENDPOINT,
    range: '30m',
    onlySlow: true,
  });
  return {
    alert: 'HttpTailGapWidening',
    expr: [
      `${p99} / ${p50} > ${tail.gap}`,
      'and',
      // A fast p99 bothers nobody.
      `${p99} > ${latency.seconds}`,
      'and',
      `${count} > ${minRequests}`,
      // A new endpoint has no yesterday to compare with; its wide tail is enough.
      'unless',
      `(${p99} / ${p50} <= ${tail.growth} * (${p99} offset 1d / ${p50} offset 1d) and ${count} offset 1d > ${minRequests})`,
    ].join('\n'),
    for: '10m',
    labels: { severity: 'ticket' },
    annotations: {
      summary: `${ENDPOINT_TITLE}: 1 request in 100 takes {{ $value | humanize }} times as long as the median`,
      description:
        `p99 is above ${latency.seconds} s, and p99 / p50 is more than ${tail.growth} times that of yesterday, or the endpoint is new. A few users wait while the mean looks fine.${slowTime}\n` +
        'Check its percentiles and heatmap: two clouds mean two paths through the code. Usual causes: a call that times out and is retried, a lock, an exhausted pool, a cold cache, one bad instance (select instances one by one).\n' +
        'The alert ends when the tail narrows, or after a day without change.',
      dashboard: endpointLink(objectives),
    },
  };
}

/** Slow growth over releases, which no fixed limit detects. */
function slowerThanLastWeek(objectives: Objectives): Alert {
  const { minRequests, slower } = objectives;
  const { p99, count } = recordedSeries(objectives);
  const time = timeSpentLine(objectives, { who: 'Its requests', labels: ENDPOINT, range: '2h', onlySlow: false });
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
      summary: `${ENDPOINT_TITLE}: p99 is {{ $value | humanize }} times what it was a week ago at this time`,
      description: `It has lasted for an hour, with enough requests now and a week ago. Check "p99 and p50 against a week ago", and use "before and after" for the deploys in between. A step at a deploy shows the cause; a slow rise means growing data or load. Roll back or plan a fix: after a week the alert ends, because it then compares with the slow week.${time}`,
      dashboard: endpointLink(objectives),
    },
  };
}

/** Above the highest bound, a percentile is unknown. */
function aboveTopBound(objectives: Objectives): Alert {
  const { buckets, minRequests, aboveTop } = objectives;
  const { count } = recordedSeries(objectives);
  const { duration } = metricNames(objectives.prefix);
  const top = buckets.at(-1) as number;
  const scope = `${serviceMatchers(objectives)}, ${ANSWERED_PATHS}`;
  const all = `increase(${duration}_count{${scope}}[30m])`;
  const below = `increase(${duration}_bucket{${scope}, ${bucketMatcher(top)}}[30m])`;
  const sum = `sum by (${ENDPOINT.join(', ')})`;
  return {
    alert: 'HttpDurationAboveTopBound',
    expr: [
      // Subtracted series by series, as for the budgets: a process with other bounds is left out.
      `${sum} (${all} - ignoring (le) ${below}) / ${sum} (${all}) > ${aboveTop}`,
      'and',
      `${count} > ${minRequests}`,
    ].join('\n'),
    for: '10m',
    labels: { severity: 'ticket' },
    annotations: {
      summary: `${ENDPOINT_TITLE}: {{ $value | humanizePercentage }} of the requests take longer than ${top} s, the highest bound`,
      description: `Percentiles above the highest histogram bound are shown as ${top} s, so changes there are invisible. If the endpoint may take that long, add higher bounds to APM_BUCKETS, and to --buckets of these rules. If not, check its dashboard for when it began.`,
      dashboard: endpointLink(objectives),
    },
  };
}
