import fc from 'fast-check';
import { expect, it } from 'vitest';
import { addCounts, subtractCounts, totalCount } from '../../src/base/counts.ts';

const histogram = fc.array(fc.nat(500), { minLength: 5, maxLength: 5 });

it('adds the counts of one histogram to another in place', () => {
  const sum = [1, 2, 3];
  addCounts(sum, [10, 20]);
  expect(sum).toEqual([11, 22, 3]);
});

it('subtracts the counts that were added', () => {
  fc.assert(
    fc.property(histogram, histogram, (a, b) => {
      const sum = [...a];
      addCounts(sum, b);
      expect(subtractCounts(sum, b)).toEqual(a);
      expect(totalCount(sum)).toBe(totalCount(a) + totalCount(b));
    }),
  );
});
