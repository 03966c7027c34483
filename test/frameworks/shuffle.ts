/** Shuffles a list. The order is the same each time, so that a failure can be reproduced. */
export function shuffle<T>(list: readonly T[]): T[] {
  const result = [...list];
  let seed = 1;
  for (let last = result.length - 1; last > 0; last--) {
    // Park and Miller's generator.
    seed = (seed * 48271) % 2147483647;
    const other = seed % (last + 1);
    [result[last], result[other]] = [result[other] as T, result[last] as T];
  }
  return result;
}
