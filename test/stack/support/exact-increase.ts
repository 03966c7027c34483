/** The exact increase of a counter over its samples, counter resets included. `increase` estimates it. */
export function exactIncrease(values: readonly [number, number][]): number {
  return values.slice(1).reduce((sum, [, value], i) => {
    const before = values[i]?.[1] ?? 0;
    return sum + (value < before ? value : value - before);
  }, 0);
}
