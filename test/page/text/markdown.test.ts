import { expect, it } from 'vitest';
import { formatDuration } from '../../../src/page/browser/text/format.ts';
import { comparisonMarkdown } from '../../../src/page/browser/text/markdown.ts';

const period = { from: 0, to: 60_000, batches: [] };

it('keeps an endpoint in one cell, whatever characters its path contains', () => {
  const rows = [{ key: 'GET /`|[a](http://b)`', requests: { before: 1, after: 2 }, quantiles: [] }];
  const lines = comparisonMarkdown('shop', { name: 'deploy', at: 60_000, before: period }, period, rows).split('\n');
  expect(lines[6]).toBe("| `GET /'\\|[a](http://b)'` | 1 → 2 |");
});

it('writes a duration in its two largest units', () => {
  expect([0, 59.9, 60, 3_661, 90_000].map(formatDuration)).toEqual(['0 s', '59 s', '1 min', '1 h 1 min', '1 d 1 h']);
});
