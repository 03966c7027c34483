/**
 * Which side goes first in each round. Each side is first in half of the rounds, in random order.
 * - A strict alternation (AB BA AB) places the same sides of two rounds next to each other, so slow changes of the
 *   machine affect both. In simulations this doubled the false positives.
 * - A fixed order (AB AB) turns anything that only grows, such as the machine's temperature, into a difference.
 * @param random  0 to below 1
 */
export function roundOrders(rounds: number, random: () => number = Math.random): ('ab' | 'ba')[] {
  const orders = Array.from({ length: rounds }, (_, i): 'ab' | 'ba' => (i % 2 === 0 ? 'ab' : 'ba'));
  // With an odd number, either side may have one more.
  if (rounds % 2 === 1 && random() < 0.5) orders[0] = 'ba';
  for (let i = rounds - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [orders[i], orders[j]] = [orders[j] as 'ab', orders[i] as 'ab'];
  }
  return orders;
}
