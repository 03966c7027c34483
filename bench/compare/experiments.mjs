// The ways in which two sides are taken: by the method, and by what the source knows of durations.
import { roundOrders } from '../../dist/cli/compare/sources/rounds/round-order.js';
import { BOUNDS, block, machine } from './model.mjs';

const BLOCK_SECONDS = 15;
const range = (n) => Array.from({ length: n }, (_, i) => i);
const side = (name, blocks) => ({ name, bounds: BOUNDS, blocks });

/** Half an hour, ten minutes in between, half an hour. */
export function periods(
  before,
  after,
  drift,
  random,
  { minutes = [30, 30], blockSeconds = BLOCK_SECONDS, gap = 10 } = {},
) {
  const factor = machine(drift, random);
  const stretch = (speeds, start, length) =>
    range((length * 60) / blockSeconds).map((i) =>
      block(start + i * blockSeconds, blockSeconds, speeds, [factor(blockSeconds)], random),
    );
  const one = stretch(before, 0, minutes[0]);
  if (gap > 0) factor(gap * 60);
  return [side('before', one), side('after', stretch(after, (minutes[0] + gap) * 60, minutes[1]))];
}

/** Half an hour of two versions at the same time, on one machine. */
function versions(before, after, drift, random) {
  const factor = machine(drift, random);
  const pairs = range((30 * 60) / BLOCK_SECONDS).map((i) => {
    const now = [factor(BLOCK_SECONDS)];
    return [before, after].map((speeds) => block(i * BLOCK_SECONDS, BLOCK_SECONDS, speeds, now, random));
  });
  return ['1.4.0', '1.5.0'].map((name, i) =>
    side(
      name,
      pairs.map((pair) => pair[i]),
    ),
  );
}

/** Rounds of a run of each side: ten of three minutes, or others. */
function rounds(before, after, drift, random, { count = 10, seconds = 180, pieceSeconds = BLOCK_SECONDS } = {}) {
  const factor = machine(drift, random);
  let at = 0;
  const run = (speeds) => {
    const pieces = range(seconds / pieceSeconds).map(() => factor(pieceSeconds));
    at += seconds;
    return block(at - seconds, seconds, speeds, pieces, random);
  };
  const [a, b] = [[], []];
  for (const order of roundOrders(count, random.uniform)) {
    if (order === 'ab') a.push(run(before));
    b.push(run(after));
    if (order === 'ba') a.push(run(before));
  }
  return [side('a', a), side('b', b)];
}

/**
 * Ten minutes that begin with a start. Then ten minutes without one.
 * @param slower  the factor on all durations at a number of seconds after the start
 */
export function startUp(slower, drift, random) {
  const factor = machine(drift, random);
  const blockSeconds = 5;
  const stretch = (start, slower) =>
    range((10 * 60) / blockSeconds).map((i) => {
      const pieces = [slower((i + 0.5) * blockSeconds) * factor(blockSeconds)];
      return block(start + i * blockSeconds, blockSeconds, [1], pieces, random);
    });
  return [
    { ...side('before', stretch(0, slower)), starts: [0] },
    side(
      'after',
      stretch(600, () => 1),
    ),
  ];
}

/** Some lengths that people use, beside the half hour. */
const short = (simulation, lengths) => (before, after, drift, random) =>
  simulation(before, after, drift, random, lengths);
export const SIMULATIONS = {
  rounds,
  periods,
  versions,
  '6 rounds of 8 s': short(rounds, { count: 6, seconds: 8, pieceSeconds: 8 }),
  '2 and 1 min': short(periods, { minutes: [2, 1], blockSeconds: 5, gap: 0 }),
  '5 and 5 min': short(periods, { minutes: [5, 5], blockSeconds: 5, gap: 0 }),
};

/** A side as a source without fine histograms has it. */
const explicitOnly = (one) => ({
  ...one,
  blocks: one.blocks.map(({ endpoints, ...rest }) => ({
    ...rest,
    endpoints: new Map(Array.from(endpoints, ([key, totals]) => [key, { ...totals, histogram: totals.buckets }])),
  })),
});

const fine = (one) => one;

/** `method`: what `compareSides` is given; `read`: what the source knows of the simulated sides. */
export const SOURCES = {
  rounds: { method: 'rounds', simulation: 'rounds', read: fine },
  recordings: { method: 'periods', simulation: 'periods', read: fine },
  Prometheus: { method: 'periods', simulation: 'periods', read: explicitOnly },
  'versions, fine': { method: 'versions', simulation: 'versions', read: fine },
  'versions, Prometheus': { method: 'versions', simulation: 'versions', read: explicitOnly },
  '6 rounds of 8 s': { method: 'rounds', simulation: '6 rounds of 8 s', read: fine },
  'recordings, 2 and 1 min': { method: 'periods', simulation: '2 and 1 min', read: fine },
  'recordings, 5 and 5 min': { method: 'periods', simulation: '5 and 5 min', read: fine },
};
