import { expect, it } from 'vitest';
import { roundOrders } from '../../../../../src/cli/compare/sources/rounds/round-order.ts';

it('lets each side go first in half of the rounds, in random order', () => {
  const orders = new Set<string>();
  for (let i = 0; i < 200; i++) {
    const all = roundOrders(10);
    expect(all.filter((order) => order === 'ab').length).toBe(5);
    orders.add(all.join());
  }
  // There are 252 different orders.
  expect(orders.size).toBeGreaterThan(100);
});

it('gives the odd round to either side', () => {
  const first = Array.from({ length: 200 }, () => roundOrders(3).filter((order) => order === 'ab').length);
  expect(new Set(first)).toEqual(new Set([1, 2]));
});
