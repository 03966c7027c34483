import { expect, it } from 'vitest';
import { formatDuration } from '../../../src/page/browser/text/format.ts';
import { comparisonMarkdown } from '../../../src/page/browser/text/markdown.ts';
import { comparisonOf, resultOf } from './comparison.ts';

it('writes the comparison as a table', () => {
  const result = resultOf({ change: undefined, verdict: 'below resolution' });
  const lines = comparisonMarkdown('shop: deploy', comparisonOf(result)).split('\n');
  const times = '20 ms → 18 ms; below resolution';
  const shares = '2% → 1.8%; below resolution';
  const cells = [times, times, times, times, shares, shares].join(' | ');
  expect(lines.map((line) => line.replaceAll(/\d\d:\d\d:\d\d/g, 'time')).slice(0, -2)).toEqual([
    '**shop: deploy**',
    '',
    'before: time – time, 10 min.<br>',
    'after: time – time, 10 min.',
    '',
    '| Endpoint | Requests | p50 | p90 | p99 | Mean | Over 500 ms | 5xx |',
    '| --- | --- | --- | --- | --- | --- | --- | --- |',
    `| All endpoints | 1,200 → 1,310 | ${cells} |`,
    `| \`GET /a\` | 1,200 → 1,310 | ${cells} |`,
    '',
  ]);
});

it('keeps an endpoint in one cell, whatever characters its path contains', () => {
  const comparison = comparisonOf(resultOf());
  const [endpoint] = comparison.endpoints;
  const strange = { ...endpoint, key: 'GET /`|[a](http://b)`' } as (typeof comparison.endpoints)[number];
  const lines = comparisonMarkdown('shop: deploy', { ...comparison, endpoints: [strange] }).split('\n');
  expect(lines[8]).toMatch(/^\| `GET \/'\\\|\[a\]\(http:\/\/b\)'` \| 1,200 → 1,310 \| /);
});

it('writes a duration in its two largest units', () => {
  expect([0, 59.9, 60, 3_661, 90_000].map(formatDuration)).toEqual(['0 s', '59 s', '1 min', '1 h 1 min', '1 d 1 h']);
});
