import { count, seconds, share } from '../compare/output/format.ts';
import { code, tableOf } from '../compare/output/markdown.ts';
import type { Figures, Report } from './report.ts';

/** The report as Markdown, which reads well as it is too. */
export function reportMarkdown({ period, top, objective, service, slowest, widest, time, few }: Report): string {
  const said = (value: number | undefined) => seconds(value, top);
  const slow = `over ${seconds(objective, top)}`;
  const list = (
    title: string,
    head: string[],
    rows: readonly Figures[],
    cells: (one: Figures) => string[],
    none: string,
  ) => [
    `## ${title}`,
    '',
    ...(rows.length > 0 ? tableOf([head, ...rows.map((one) => [code(one.key), ...cells(one)])]) : [none]),
    '',
  ];
  return [
    `# ${period}`,
    '',
    `${count(service.requests)} requests; p50 ${said(service.p50)}, p90 ${said(service.p90)}, p99 ${said(service.p99)}, mean ${said(service.mean)}; ${slow}: ${share(service.slow)}; 5xx: ${share(service.errors)}`,
    '',
    ...list(
      'Slowest endpoints',
      ['', 'p99', 'p90', 'p50', 'mean', 'requests', slow, '5xx'],
      slowest,
      (one) => [
        said(one.p99),
        said(one.p90),
        said(one.p50),
        said(one.mean),
        count(one.requests),
        share(one.slow),
        share(one.errors),
      ],
      'None has the 100 requests that a p99 takes.',
    ),
    ...(few > 0
      ? [`${few} ${few === 1 ? 'endpoint has' : 'endpoints have'} too few requests for a p99: less than 100.`, '']
      : []),
    ...list(
      'Widest tails',
      ['', 'in words', 'p99 / p50'],
      widest,
      (one) => [
        `1 in 100 waits ${said(one.p99)}, half wait ${said(one.p50)}; the mean says ${said(one.mean)}`,
        `${one.p99 === Number.POSITIVE_INFINITY ? '> ' : ''}${Number((one.gap as number).toPrecision(3))}×`,
      ],
      'No p99 is ten times its p50.',
    ),
    ...list(
      'Where the time went',
      ['', 'share', 'time', 'requests', 'mean'],
      time,
      (one) => [
        share(one.share),
        `${Math.round(one.seconds).toLocaleString('en')} s`,
        count(one.requests),
        said(one.mean),
      ],
      'No time was measured.',
    ),
  ].join('\n');
}
