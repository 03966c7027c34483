import { expect, it } from 'vitest';
import { Marks } from '../../../src/page/browser/marks.ts';
import { Timeline } from '../../../src/page/browser/timeline.ts';
import { data, tallied } from './feed.ts';

/** A service that was told of, slot by slot, as its version and how many requests it had. */
function deployed(...slots: readonly (readonly [version: string, requests: number])[]): Marks {
  const timeline = new Timeline();
  const marks = new Marks(timeline);
  slots.forEach(([version, requests], i) => {
    const told = { next: `${version}.${i + 1}`, now: (i + 1) * 5_000, service: { name: 'shop', version } };
    timeline.add(data([{ 'GET /a': tallied(requests) }], told, i * 5_000));
    marks.look();
  });
  return marks;
}

const requests = ({ batches }: { batches: readonly Readonly<Record<string, readonly number[]>>[] }) =>
  batches.reduce((sum, batch) => sum + (batch['GET /a']?.[0] ?? 0), 0);

it('compares a version with the one before it, also one that was rolled back to', () => {
  const marks = deployed(['1', 1], ['1', 2], ['2', 4], ['2', 8], ['1', 16], ['3', 32], ['3', 64]);
  expect(
    marks.all.map((mark) => [mark.name, mark.at, requests(mark.before), requests(marks.after(mark) as never)]),
  ).toEqual([
    ['1 → 2', 10_000, 3, 4 + 8 + 16 + 32 + 64],
    ['2 → 1', 20_000, 12, 16 + 32 + 64],
    ['1 → 3', 25_000, 16, 32 + 64],
  ]);
});
