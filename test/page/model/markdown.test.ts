import { expect, it } from 'vitest';
import { duration } from '../../../src/page/browser/format.ts';
import { markdown } from '../../../src/page/browser/markdown.ts';

const stretch = { from: 0, to: 60_000, bounds: [1], batches: [] };

it('has each endpoint in a cell of its own, whatever its path is', () => {
  const rows = [{ key: 'GET /`|[a](http://b)`', requests: [1, 2], quantiles: [] }] as const;
  const lines = markdown('shop', { name: 'deploy', at: 60_000, before: stretch }, stretch, rows).split('\n');
  expect(lines[6]).toBe("| `GET /'\\|[a](http://b)'` | 1 → 2 |");
});

it('says how long in the two largest units', () => {
  expect([0, 59.9, 60, 3_661, 90_000].map(duration)).toEqual(['0 s', '59 s', '1 min', '1 h 1 min', '1 d 1 h']);
});
