// What a process says of itself every few seconds: memory, descriptors, listeners, and how late its event loop is.
import { readdirSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const MB = 1024 * 1024;
const every = Number(process.env.SAMPLE_SECONDS ?? 5) * 1_000;

/** @param emitters whose listeners are counted */
export function sampled(name, emitters) {
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
      fds: descriptors(),
      listeners: listeners(emitters),
      resources: process.getActiveResourcesInfo().length,
      late,
    };
    process.send({ sample });
    // What this sample itself took is nobody's delay.
    setImmediate(() => delay.reset());
  }, every).unref();
}

/** Open ones; undefined where the system has no /proc. */
function descriptors() {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return undefined;
  }
}

const listeners = (emitters) =>
  emitters.reduce(
    (sum, emitter) => sum + emitter.eventNames().reduce((all, name) => all + emitter.listenerCount(name), 0),
    0,
  );
