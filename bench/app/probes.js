// What the bench asks a server process about itself.
const { setTimeout: sleep } = require('node:timers/promises');

let longest = 0;
let watching = false;

/**
 * The longest time between two turns of the event loop, by a loop of setImmediate that never sleeps. A histogram of
 * timer delays (monitorEventLoopDelay) has a resolution of 1 ms and may miss a stall that falls between two ticks.
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

/** Resident memory, MB, after what can be freed was freed; V8 gives pages back only some time after a collection. */
async function settledMemory() {
  for (let i = 0; i < 4; i++) {
    globalThis.gc();
    await sleep(50);
  }
  return process.memoryUsage.rss() / 1048576;
}

module.exports = {
  /** User and system CPU time of the whole process so far, microseconds: GC and compiler threads belong to the cost. */
  cpu() {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
  memory: settledMemory,
  watchStalls,
  longestStall() {
    watching = false;
    return longest;
  },
  /** For variants that cannot name a route on a bare server: their preload leaves a function that records directly. */
  record: ({ targets }) => globalThis.benchRecord(targets),
};
