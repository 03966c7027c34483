// Measurements that a server process makes of itself for the bench.
const { setTimeout: sleep } = require('node:timers/promises');

let longest = 0;
let watching = false;

/**
 * Measures the longest time between two turns of the event loop, with a setImmediate loop that never sleeps. The timer
 * delays of monitorEventLoopDelay have a resolution of 1 ms, and can miss a stall between two ticks.
 */
function watchStalls() {
  longest = 0;
  watching = true;
  let last = performance.now();
  setImmediate(function turn() {
    const now = performance.now();
    if (now - last > longest) longest = now - last;
    last = now;
    if (watching) setImmediate(turn);
  });
}

/**
 * Resident memory in MB after garbage collections. V8 returns pages to the system only some time after a collection.
 */
async function measureMemory() {
  for (let i = 0; i < 4; i++) {
    globalThis.gc();
    await sleep(50);
  }
  return process.memoryUsage.rss() / 1048576;
}

module.exports = {
  /**
   * CPU time of the whole process so far, microseconds. GC and compiler threads are included, because they are part of
   * the cost.
   */
  cpu() {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
  collect: () => globalThis.gc(),
  memory: measureMemory,
  watchStalls,
  longestStall() {
    watching = false;
    return longest;
  },
  /**
   * Records series directly, for variants that get no route from a bare server. Their preload defines this function.
   */
  record: ({ targets }) => globalThis.benchRecord(targets),
};
