import type { BoundedValue } from '../../base/histogram/histogram.ts';
import { shareAsCounts } from '../../statistics/tail.ts';
import {
  formatBoundedShare,
  formatCount,
  formatDuration,
  formatSeconds,
  formatShare,
} from '../compare/output/format.ts';
import { markdownCode, markdownTable } from '../compare/output/markdown.ts';
import type { CallSummary } from './outgoing.ts';
import type { EndpointSummary, Report } from './report.ts';

/** The report as Markdown. It is also readable as plain text. */
export function renderMarkdown({ period, objective, service, slowest, widest, time, calls, few }: Report): string {
  const isTimeKnown = time.some(({ spentOn }) => spentOn.length > 0);
  const overObjective = `over ${formatSeconds(objective)}`;
  return [
    `# ${period}`,
    '',
    `${formatCount(service.requests)} requests; p50 ${formatDuration(service.p50)}, p90 ${formatDuration(service.p90)}, p99 ${formatDuration(service.p99)}, mean ${formatSeconds(service.mean)}; ${overObjective}: ${formatBoundedShare(service.slow)}; 5xx: ${formatShare(service.errors)}`,
    '',
    ...section(
      'Slowest endpoints',
      ['', 'p99', 'p90', 'p50', 'mean', 'requests', overObjective, '5xx'],
      slowest,
      (one) => [
        `${formatDuration(one.p99)}${one.isSmallSample ? ' (small sample)' : ''}`,
        formatDuration(one.p90),
        formatDuration(one.p50),
        formatSeconds(one.mean),
        formatCount(one.requests),
        formatBoundedShare(one.slow),
        formatShare(one.errors),
      ],
      'No endpoint has the 100 timed requests that a p99 needs.',
    ),
    ...(few > 0
      ? [`${few} ${few === 1 ? 'endpoint has' : 'endpoints have'} fewer than 100 timed requests: no p99.`, '']
      : []),
    ...section(
      'Widest tails',
      ['', 'in words', 'times the median', ...(isTimeKnown ? ['slow requests spend their time on'] : [])],
      widest,
      (one) => [
        describeSlowest(one),
        formatRatio(one.slowRequests?.ratio),
        ...(isTimeKnown ? [describeSpent(one, 'slowShare')] : []),
      ],
      'No endpoint has requests that take 100 ms or longer, and ten times its median.',
    ),
    ...section(
      'Where the time went',
      ['', 'share', 'time', 'requests', 'mean', ...(isTimeKnown ? ['spent on'] : [])],
      time,
      (one) => [
        formatShare(one.share),
        formatTotal(one.seconds),
        formatCount(one.requests),
        formatSeconds(one.mean),
        ...(isTimeKnown ? [describeSpent(one, 'share')] : []),
      ],
      'No time was measured.',
    ),
    ...(isTimeKnown ? [TIME_EXPLAINED, ''] : []),
    ...(calls.length > 0 ? ['## Outgoing calls', '', ...callsTable(calls), ''] : []),
  ].join('\n');
}

const TIME_EXPLAINED =
  '`code`: no call was open, and the event loop was busy. `unseen`: no measured call was open, and it idled. Time with several open calls is shared equally among them.';

const formatTotal = (seconds: number): string => (seconds < 10 ? formatSeconds(seconds) : `${formatCount(seconds)} s`);

/** Of shares that are listed. */
const MAX_SPENT_ON = 3;
const MIN_SHARE = 0.01;

/** `payments:4000` 71 %, `code` 20 %: what takes most. */
const describeSpent = ({ spentOn }: EndpointSummary, share: 'share' | 'slowShare'): string =>
  spentOn
    .toSorted((a, b) => (b[share] ?? 0) - (a[share] ?? 0))
    .filter((one) => (one[share] ?? 0) >= MIN_SHARE)
    .slice(0, MAX_SPENT_ON)
    .map((one) => `${markdownCode(one.on)} ${formatShare(one[share])}`)
    .join(', ');

const callsTable = (calls: readonly CallSummary[]): string[] =>
  markdownTable([
    ['', 'operation', 'p99', 'p50', 'mean', 'calls', 'time', 'failed'],
    ...calls.map((one) => [
      markdownCode(one.called),
      markdownCode(one.operation),
      formatDuration(one.p99),
      formatDuration(one.p50),
      formatSeconds(one.mean),
      formatCount(one.calls),
      formatTotal(one.seconds),
      formatShare(one.failed),
    ]),
  ]);

/** `3 in 100 wait about 2.15 s; the median is 18.3 ms, the mean 81 ms`. */
function describeSlowest({ slowRequests, mean }: EndpointSummary): string {
  if (slowRequests === undefined) return '';
  const { share, seconds, isApart, median } = slowRequests;
  const [count, of] = shareAsCounts(share);
  const waits = `${count} in ${formatCount(of)} ${count === 1 ? 'waits' : 'wait'}`;
  return `${waits} ${describeWait(seconds, isApart)}; the median is ${inSentence(median)}, the mean ${formatSeconds(mean)}`;
}

function describeWait({ low, high, value }: BoundedValue, isApart: boolean): string {
  if (!isApart) return `longer than ${formatSeconds(low)}`;
  const text = inSentence({ low, high, value });
  return /^\d/.test(text) ? `about ${text}` : text;
}

/** A duration within a sentence: `18.3 ms`, `between 15 and 25 ms`, `at most 5 ms`, `more than 10 s`. */
const inSentence = (duration: BoundedValue): string =>
  formatDuration(duration)
    .replace(/^> /, 'more than ')
    .replace(/^0-/, 'at most ')
    .replace(/^([\d.]+)-([\d.]+) /, 'between $1 and $2 ');

/** `117×`; `13-71×` where only buckets are known; `> 13×` above the top bound. */
function formatRatio(ratio: BoundedValue | undefined): string {
  if (ratio === undefined) return '';
  const [value, low, high] = [ratio.value, ratio.low, ratio.high].map((number) => Number(number.toPrecision(2)));
  if (ratio.high === Number.POSITIVE_INFINITY) return `> ${low}×`;
  return ratio.high <= ratio.low * 1.1 ? `${value}×` : `${low}-${high}×`;
}

/** A title and a table of endpoints, or a sentence where there are none. */
function section(
  title: string,
  head: readonly string[],
  endpoints: readonly EndpointSummary[],
  cells: (endpoint: EndpointSummary) => readonly string[],
  none: string,
): string[] {
  const rows = endpoints.map((endpoint) => [markdownCode(endpoint.key), ...cells(endpoint)]);
  return [`## ${title}`, '', ...(rows.length > 0 ? markdownTable([head, ...rows]) : [none]), ''];
}
