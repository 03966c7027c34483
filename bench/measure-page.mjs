// What the live page costs the process that keeps its half hour: the stretches of a tick, the history, and telling it.
import { performance } from 'node:perf_hooks';
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
const BUDGET_MS = 1;
const BUDGET_BYTES = 4 * 1024 * 1024;
/** Requests of each series in an interval, over several buckets. */
const DURATIONS = [0.004, 0.012, 0.02, 0.06, 0.3];

/** A history of half an hour in which every series changes in every interval, and the stretches of its ticks in ms. */
function halfAnHour(size) {
  const config = loadConfig({}, { maxPaths: 10_000 }, {});
  const process = createProcessSeries(config);
  const series = process.plain.requests;
  const takeDeltas = createDeltaTaker(process.all);
  const vitals = new VitalsReader(process.active);
  const history = new History(config.buckets);
  const all = targets(size);
  const timed = (run) => {
    const start = performance.now();
    const value = run();
    return [performance.now() - start, value];
  };
  const stretches = [];
  for (let interval = 0; interval < INTERVALS; interval++) {
    for (const { path, method } of all) {
      for (const seconds of DURATIONS) series.record(path, method, 200, seconds);
    }
    // As live.ts does, in a turn of the event loop each.
    const [reading, increments] = timed(() => takeDeltas());
    const [counting] = timed(() => history.onIncrements('1', { series: increments }));
    const [telling] = timed(() => {
      history.onVitals('1', vitals.read());
      history.tick(interval * 5_000, 5_000);
    });
    // The first ones run code that is not compiled yet.
    if (interval >= 30) stretches.push(Math.max(reading, counting, telling));
  }
  return { stretches, history };
}

export function measure() {
  const origin = { every: 5_000, now: 0, service: { name: 'bench', version: null }, uptime: 0, scrape: '/metrics' };
  const rows = [100, 1_000].map((size) => {
    const { stretches, history } = halfAnHour(size);
    const stretch = summary(stretches);
    const bytes = Buffer.concat(history.pieces('', origin)).length;
    return [
      {
        what: `live page, longest stretch of a tick, ${size.toLocaleString('en')} series`,
        budget: `<= ${BUDGET_MS} ms`,
        cells: { ours: plain(stretch, 'ms') },
        met: stretch.median <= BUDGET_MS,
      },
      {
        what: `live page, half an hour of them`,
        budget: '<= 4 MiB',
        cells: { ours: `${number(bytes / 1024 / 1024)} MiB` },
        met: bytes <= BUDGET_BYTES + 64 * 1024,
      },
    ];
  });
  return {
    rows: rows.flat(),
    how: `Live page: ${INTERVALS} intervals in which every (path, method) series changes, in a process of its own code alone; the stretch is the longest of the three that a tick holds the event loop for, the half hour the text it is told in, which is what is kept.`,
  };
}
