/** Draws one duration after the other, in seconds. */
type Draw = () => number;

/** Services whose durations are distributed in a certain way. Each draws its own typical duration first. */
export const LATENCIES: Readonly<Record<string, (random: () => number) => Draw>> = {
  'log-normal': (random) => logNormal(random, between(random, 0.005, 0.5), between(random, 0.3, 0.9)),
  'bimodal, such as a cache': (random) => {
    const hit = logNormal(random, between(random, 0.001, 0.005), 0.3);
    const miss = logNormal(random, between(random, 0.1, 0.5), 0.3);
    const misses = between(random, 0.05, 0.4);
    return () => (random() < misses ? miss() : hit());
  },
  'heavy-tailed (Pareto)': (random) => {
    const least = between(random, 0.002, 0.02);
    const exponent = between(random, 1.1, 2.5);
    return () => least / (1 - random()) ** (1 / exponent);
  },
  constant: (random) => {
    const value = between(random, 0.001, 2);
    return () => value;
  },
  'sub-millisecond': (random) => logNormal(random, between(random, 0.00002, 0.0006), 0.4),
};

/** Evenly distributed on a logarithmic axis. */
const between = (random: () => number, low: number, high: number): number => low * (high / low) ** random();

const logNormal = (random: () => number, median: number, sigma: number): Draw => {
  const gaussian = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return () => median * Math.exp(sigma * gaussian());
};

/** The quantile of the values themselves. @param sorted ascending */
export const exactQuantile = (sorted: ArrayLike<number>, q: number): number =>
  sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] as number;
