import { expect, it } from 'vitest';
import { orders } from '../../../../../src/cli/compare/sources/rounds/round-order.ts';

it('lets each side go first in half of the rounds, in an order that is another each time', () => {
  const seen = new Set<string>();
  for (let i = 0; i < 200; i++) {
    const all = orders(10);
    expect(all.filter((order) => order === 'ab').length).toBe(5);
    seen.add(all.join());
  }
  // Of 252 there are.
  expect(seen.size).toBeGreaterThan(100);
});

it('gives the odd round to either side', () => {
  const first = Array.from({ length: 200 }, () => orders(3).filter((order) => order === 'ab').length);
  expect(new Set(first)).toEqual(new Set([1, 2]));
});
