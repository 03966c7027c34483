import { formatCount, formatSeconds, formatShare } from '../compare/output/format.ts';
import { markdownCode, markdownTable } from '../compare/output/markdown.ts';
import type { EndpointSummary, Report } from './report.ts';

/** The report as Markdown. It is also readable as plain text. */
export function renderMarkdown({ period, top, objective, service, slowest, widest, time, few }: Report): string {
  const format = (value: number | undefined) => formatSeconds(value, top);
  const overObjective = `over ${formatSeconds(objective, top)}`;
  return [
    `# ${period}`,
    '',
    `${formatCount(service.requests)} requests; p50 ${format(service.p50)}, p90 ${format(service.p90)}, p99 ${format(service.p99)}, mean ${format(service.mean)}; ${overObjective}: ${formatShare(service.slow)}; 5xx: ${formatShare(service.errors)}`,
    '',
    ...section(
      'Slowest endpoints',
      ['', 'p99', 'p90', 'p50', 'mean', 'requests', overObjective, '5xx'],
      slowest,
      (one) => [
        format(one.p99),
        format(one.p90),
        format(one.p50),
        format(one.mean),
        formatCount(one.requests),
        formatShare(one.slow),
        formatShare(one.errors),
      ],
      'No endpoint has the 100 timed requests that a p99 needs.',
    ),
    ...(few > 0
      ? [`${few} ${few === 1 ? 'endpoint has' : 'endpoints have'} fewer than 100 timed requests: no p99.`, '']
      : []),
    ...section(
      'Widest tails',
      ['', 'in words', 'p99 / p50'],
      widest,
      (one) => [
        `1 in 100 waits ${format(one.p99)}, half wait ${format(one.p50)}; the mean is ${format(one.mean)}`,
        `${one.p99 === Number.POSITIVE_INFINITY ? '> ' : ''}${Number((one.gap as number).toPrecision(3))}×`,
      ],
      'No endpoint has a p99 of ten times its p50.',
    ),
    ...section(
      'Where the time went',
      ['', 'share', 'time', 'requests', 'mean'],
      time,
      (one) => [
        formatShare(one.share),
        `${Math.round(one.seconds).toLocaleString('en')} s`,
        formatCount(one.requests),
        format(one.mean),
      ],
      'No time was measured.',
    ),
  ].join('\n');
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
