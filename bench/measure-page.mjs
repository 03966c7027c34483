// What the live page costs the process that keeps its half hour: the stretches of a tick, the history, and telling it.
import { performance } from 'node:perf_hooks';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { forEachInTurns } from '../dist/base/yield.js';
import { loadConfig } from '../dist/config/load.js';
import { createDeltaTaker } from '../dist/metrics/deltas.js';
import { createProcessSeries } from '../dist/metrics/process-series.js';
import { VitalsReader } from '../dist/metrics/vitals.js';
import { History } from '../dist/page/server/history.js';
import { number, plain } from './format.mjs';
import { summary } from './stats.mjs';
import { series as targets } from './targets.mjs';

export const title = 'page';

const INTERVALS = 360;
const INTERVAL_MS = 5_000;
const WARM_UP_INTERVALS = 30;
/** Numbers of series. The budget of a stretch is for up to 1,000, and more are shown without one. */
const SIZES = [100, 1_000, 10_000];
const MAX_SIZE_IN_BUDGET = 1_000;
const BUDGET_MS = 1;
const BUDGET_BYTES = 4 * 1024 * 1024;
/** Requests of each series in an interval, over several buckets. */
const DURATIONS = [0.004, 0.012, 0.02, 0.06, 0.3];

/**
 * A history of half an hour in which every series changes in every interval, and for each of its ticks the longest time in ms
 * that it holds the event loop.
 */
async function halfAnHour(size) {
  const config = loadConfig({}, { maxPaths: 10_000 }, {});
  const process = createProcessSeries(config);
  const series = process.plain.requests;
  const takeDeltas = createDeltaTaker(process.all);
  const vitals = new VitalsReader(process.active);
  const history = new History(Object.keys(config.labels));
  const all = targets(size);
  // As live.ts does it.
  const tick = async (at) => {
    await forEachInTurns(takeDeltas.inParts(), (series) => history.onIncrements('1', { series }));
    await nextTurn();
    history.onVitals('1', vitals.read());
    await history.tick(at, INTERVAL_MS);
  };
  const stretches = [];
  for (let interval = 0; interval < INTERVALS; interval++) {
    for (const { path, method } of all) {
      for (const seconds of DURATIONS) series.record(path, method, 200, seconds);
    }
    const stretch = await longestStretch(() => tick(interval * INTERVAL_MS));
    // The first ones run code that is not compiled yet.
    if (interval >= WARM_UP_INTERVALS) stretches.push(stretch);
  }
  return { stretches, history };
}

/** The longest time in ms between two turns of the event loop until `run` has resolved. */
async function longestStretch(run) {
  let longest = 0;
  let isRunning = true;
  let last;
  const turn = () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
    if (isRunning) setImmediate(turn);
  };
  await nextTurn();
  last = performance.now();
  setImmediate(turn);
  await run();
  isRunning = false;
  turn();
  return longest;
}

export async function measure() {
  const origin = {
    every: INTERVAL_MS,
    now: 0,
    service: { name: 'bench', version: null },
    uptime: 0,
    scrape: '/metrics',
  };
  const rows = [];
  for (const size of SIZES) {
    const { stretches, history } = await halfAnHour(size);
    const stretch = summary(stretches);
    const bytes = Buffer.concat(history.pieces('', origin)).length;
    const isInBudget = size <= MAX_SIZE_IN_BUDGET;
    rows.push(
      {
        what: `live page, longest stretch of a tick, ${size.toLocaleString('en')} series`,
        budget: isInBudget ? `<= ${BUDGET_MS} ms` : undefined,
        cells: { ours: plain(stretch, 'ms') },
        met: isInBudget ? stretch.median <= BUDGET_MS : undefined,
      },
      {
        what: `live page, half an hour of them`,
        budget: '<= 4 MiB',
        cells: { ours: `${number(bytes / 1024 / 1024)} MiB` },
        met: bytes <= BUDGET_BYTES + 64 * 1024,
      },
    );
  }
  return {
    rows,
    how: `Live page: ${INTERVALS} intervals in which every (path, method) series changes, in a process of its own code alone; a stretch is the time between two turns of the event loop, and the row has the median of the longest one of each tick, after ${WARM_UP_INTERVALS} ticks to warm up; the half hour is the text it is told in, which is what is kept.`,
  };
}
