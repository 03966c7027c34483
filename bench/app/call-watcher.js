// Watches outgoing calls as the preload does, and stops. A call costs 10 to 100 us, and two processes differ by more than the
// microsecond that is measured here: so both states are measured in the same process.
const { createCallPipeline } = require('../../dist/call-pipeline.js');
const { watchCalls } = require('../../dist/calls/index.js');
const { loadConfig } = require('../../dist/config/load.js');
const { Context, isContextCheap } = require('../../dist/context/context.js');
const { createProcessSeries } = require('../../dist/metrics/process-series.js');

module.exports = function createCallWatcher() {
  const series = createProcessSeries(loadConfig());
  const context = isContextCheap() ? new Context() : undefined;
  const sink = createCallPipeline(series, context);
  const options = { sink, isIgnored: () => false, withDetails: false, contexts: context?.storage };
  const { calls, databaseCalls } = series.all.tables;
  let stop;
  return {
    /** @param isWatching from now on. @returns whether that has changed */
    switch(isWatching) {
      if (isWatching === (stop !== undefined)) return false;
      if (isWatching) {
        stop = watchCalls(options, true);
      } else {
        stop();
        stop = undefined;
      }
      return true;
    },
    /** How many calls were recorded. */
    count: () => [...calls.series, ...databaseCalls.series].reduce((sum, { count }) => sum + count, 0),
  };
};
