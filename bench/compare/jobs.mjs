// What is simulated, and what is counted of it. Every verdict comes from `compareSides`, which apm compare and the page call.
import { compareSides } from '../../dist/statistics/compare.js';
import { periods, SIMULATIONS, SOURCES, startUp } from './experiments.mjs';
import { DRIFTS, OBJECTIVE, seededRandom, slowShare } from './model.mjs';

export const ROUTES = 20;
export const WATCHED_MINUTES = 15;
const SETTINGS = { objective: OBJECTIVE, confidence: 0.95 };
const MEASURES = ['p50', 'p90', 'p99', 'mean', 'slow', 'errors'];
const isClaim = ({ verdict }) => verdict === 'better' || verdict === 'worse';
const hasClaim = ({ service, endpoints }) => [service, ...endpoints].some(({ measures }) => measures.some(isClaim));

/** The comparison of two simulated sides, as this source has them. A test compares it with what apm compare makes of the same. */
export const compareSource = (source, sides) =>
  compareSides(SOURCES[source].method, ...sides.map(SOURCES[source].read), SETTINGS);

/** From one that is as fast as the service, to one that is half as fast: so percentiles are anywhere in their buckets. */
const SPEEDS = Array.from({ length: ROUTES }, (_, i) => 2 ** (i / ROUTES));

const sourcesOf = (simulation) => Object.keys(SOURCES).filter((source) => SOURCES[source].simulation === simulation);

/** One route that became faster by a share, or not at all. Counts claims, and intervals that hold the truth. */
function single({ simulation, drift, faster }, seed) {
  const random = seededRandom(seed);
  const speed = 2 ** random.uniform();
  const sides = SIMULATIONS[simulation]([speed], [speed * (1 - faster)], DRIFTS[drift], random);
  const truths = MEASURES.map((measure) =>
    measure === 'errors' ? 0 : measure === 'slow' ? slowShare(speed * (1 - faster)) - slowShare(speed) : -faster,
  );
  const counts = {};
  for (const source of sourcesOf(simulation)) {
    const { measures } = compareSource(source, sides).endpoints[0];
    for (const [i, result] of measures.entries()) {
      const { measure, change } = result;
      const key = `${source} ${measure}`;
      counts[`${key} all`] = 1;
      counts[`${key} claims`] = Number(isClaim(result));
      counts[`${key} wrong`] = Number(isClaim(result) && (result.verdict === 'worse') !== truths[i] > 0);
      if (change === undefined) continue;
      counts[`${key} intervals`] = 1;
      const isHeld = change.low <= truths[i] + 1e-12 && change.high >= truths[i] - 1e-12;
      counts[`${key} held`] = Number(isHeld);
      counts[`${key} width`] = (change.high - change.low) / 2;
    }
  }
  return counts;
}

/** Twenty routes, none of which changed. Counts comparisons with any claim. */
function family({ simulation, drift }, seed) {
  const sides = SIMULATIONS[simulation](SPEEDS, SPEEDS, DRIFTS[drift], seededRandom(seed));
  const counts = {};
  for (const source of sourcesOf(simulation)) {
    counts[`${source} all`] = 1;
    counts[`${source} claims`] = Number(hasClaim(compareSource(source, sides)));
  }
  return counts;
}

/** The page: ten minutes before, and each update of five seconds after. Nothing changed. */
function watched({ drift }, seed) {
  const page = { minutes: [10, WATCHED_MINUTES], blockSeconds: 5, gap: 0 };
  const [before, after] = periods(SPEEDS, SPEEDS, DRIFTS[drift], seededRandom(seed), page);
  const lookAt = (length) =>
    compareSides(
      'periods',
      before,
      { ...after, blocks: after.blocks.slice(0, length) },
      { ...SETTINGS, watched: true },
    );
  const counts = { all: 1, claims: 0 };
  for (let length = 12; length <= after.blocks.length; length *= 2) if (hasClaim(lookAt(length))) counts.claims = 1;
  // Between two looks nothing changes. Every update of one comparison shows it; of all comparisons it would take hours.
  if (seed % 1000 === 0) {
    const shown = (result) =>
      JSON.stringify([result.service.measures, result.endpoints.map(({ measures }) => measures)]);
    const updates = after.blocks.map((_, i) => shown(lookAt(i + 1))).slice(11);
    counts.updates = updates.length;
    counts.changes = updates.filter((text, i) => i > 0 && text !== updates[i - 1]).length;
  }
  return counts;
}

/** How processes start: the factor on all durations at a number of seconds after the start. */
const decays = (seconds) => (at) => 1 + 2 * Math.exp(-at / seconds);
export const STARTS = {
  steady: () => 1,
  'an outage of 15 s after 20 s': (at) => (at > 20 && at < 35 ? 3 : 1),
  'decays in 5 s': decays(5),
  'decays in 15 s': decays(15),
  'decays in 30 s': decays(30),
  'decays in 60 s': decays(60),
};

/** A process from its start on. Ten minutes before, ten after. */
function started({ start, drift }, seed) {
  const simulate = (slower) => startUp(slower, DRIFTS[drift], seededRandom(seed));
  const [before, after] = simulate(STARTS[start]);
  const [steady] = simulate(STARTS.steady);
  const { starts: _, ...unknown } = before;
  const [known, all, usual] = [before, unknown, { ...steady, starts: [] }].map((side) =>
    compareSides('periods', side, after, SETTINGS),
  );
  const p50 = ({ endpoints }) => endpoints[0].measures[0].before.value;
  const [seconds] = known.leftOut;
  const apart = (comparison) => p50(comparison) / p50(usual) - 1;
  return { all: 1, seconds, cut: Number(seconds > 0), left: apart(known), kept: apart(all) };
}

/** Adds up the counts of some seeds. */
export function countRuns({ job, options, first, runs }) {
  const sums = {};
  for (let run = 0; run < runs; run++) {
    const counts = { single, family, watched, started }[job](options, first + run);
    for (const [key, count] of Object.entries(counts)) sums[key] = (sums[key] ?? 0) + count;
  }
  return sums;
}
