/**
 * Which side goes first in each round: each in half of them, in an order made by chance. By turns (AB BA AB) the same
 * sides of two rounds lie next to each other, so that whatever a machine does slowly is in both of them: simulated, twice
 * as many differences were found as there may be where there was none. In one order (AB AB) whatever only ever grows, such as
 * the heat of a machine, is a difference.
 * @param chance  0 to 1, 1 excluded
 */
export function orders(rounds: number, chance: () => number = Math.random): ('ab' | 'ba')[] {
  const all = Array.from({ length: rounds }, (_, i): 'ab' | 'ba' => (i % 2 === 0 ? 'ab' : 'ba'));
  // An odd one is either's.
  if (rounds % 2 === 1 && chance() < 0.5) all[0] = 'ba';
  for (let i = rounds - 1; i > 0; i--) {
    const j = Math.floor(chance() * (i + 1));
    [all[i], all[j]] = [all[j] as 'ab', all[i] as 'ab'];
  }
  return all;
}
