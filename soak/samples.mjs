// Samples of a process, taken every few seconds: memory, descriptors, listeners, and the delay of its event loop.
import { readdirSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const MB = 1024 * 1024;
const intervalMs = Number(process.env.SAMPLE_SECONDS ?? 5) * 1_000;

/** @param emitters event emitters whose listeners are counted */
export function startSampling(name, emitters) {
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  setInterval(() => {
    const late = { p99: delay.percentile(99) / 1e6, max: delay.max / 1e6 };
    globalThis.gc?.();
    const { rss, heapUsed } = process.memoryUsage();
    const sample = {
      name,
      at: performance.now() / 1e3,
      rss: rss / MB,
      heap: heapUsed / MB,
      fds: countDescriptors(),
      listeners: countListeners(emitters),
      resources: process.getActiveResourcesInfo().length,
      late,
    };
    process.send({ sample });
    // The time of this sample itself is not a delay of the app.
    setImmediate(() => delay.reset());
  }, intervalMs).unref();
}

/** Open descriptors; undefined on systems without /proc. */
function countDescriptors() {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return undefined;
  }
}

const countListeners = (emitters) =>
  emitters.reduce(
    (sum, emitter) => sum + emitter.eventNames().reduce((all, name) => all + emitter.listenerCount(name), 0),
    0,
  );
