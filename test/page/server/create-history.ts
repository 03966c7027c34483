import { loadConfig } from '../../../src/config/load.ts';
import { createDeltaTaker } from '../../../src/metrics/deltas.ts';
import { createProcessSeries } from '../../../src/metrics/process-series.ts';
import { History } from '../../../src/page/server/history.ts';

/** Creates a history that gets its deltas from recorded requests, as in a process. `tick` ends an interval. */
export function createHistory(env: Record<string, string> = {}) {
  const config = loadConfig({}, {}, env);
  const { all, plain, calls, databaseCalls, timeSpent } = createProcessSeries(config);
  const series = plain.requests;
  const takeDeltas = createDeltaTaker(all);
  const history = new History(Object.keys(config.labels));
  let nowMs = 1_000_000;
  const tick = async (durationMs = 5_000) => {
    history.onIncrements('1', { series: takeDeltas() });
    nowMs += durationMs;
    await history.tick(nowMs, durationMs);
  };
  return { series, labelled: plain.labelled, calls, databaseCalls, timeSpent, history, tick };
}
