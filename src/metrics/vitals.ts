import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { now } from '../base/clock.ts';
import type { RequestsInFlight } from './requests-in-flight.ts';

/** The event loop is looked at this often. Its delay is how much later than that a look comes. */
const RESOLUTION_MS = 20;

/**
 * How one process is doing. Everything but `active` and `memory` is of the time since it was last read.
 * @property active  requests in flight
 * @property delay   seconds: the longest time that anything waited for the event loop
 * @property cpu     cores in use, such as 0.5; of the whole process, also where this is one of its threads
 * @property memory  bytes of RSS, likewise
 */
export interface Vitals {
  readonly active: number;
  readonly delay: number;
  readonly cpu: number;
  readonly memory: number;
}

/** Reads vitals from Node itself: of these, upstream's runtime instrumentation has only the delay. */
export class VitalsReader {
  readonly #active: RequestsInFlight;
  readonly #loop: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  #cpu = process.cpuUsage();
  #readAt = now();

  /** @param active requests in flight */
  constructor(active: RequestsInFlight) {
    this.#active = active;
  }

  start(): void {
    this.#loop.enable();
  }

  read(): Vitals {
    const at = now();
    const { user, system } = process.cpuUsage(this.#cpu);
    const cpu = (user + system) / 1000 / Math.max(at - this.#readAt, 1);
    // The maximum, because a percentile would miss the one block that every request waited for.
    const delay = this.#loop.count === 0 ? 0 : this.#loop.max / 1e9 - RESOLUTION_MS / 1000;
    this.#loop.reset();
    this.#cpu = process.cpuUsage();
    this.#readAt = at;
    return {
      active: this.#active.read().reduce((sum, { requests }) => sum + requests, 0),
      delay: Math.max(0, delay),
      cpu,
      memory: process.memoryUsage.rss(),
    };
  }

  stop(): void {
    this.#loop.disable();
  }
}

/** Checks what another process sent. @throws where it is no vitals */
export function parseVitals(message: unknown): Vitals {
  const { active, delay, cpu, memory } = message as Vitals;
  if (![active, delay, cpu, memory].every(isAmount)) throw new Error('vitals are not four amounts');
  return { active, delay, cpu, memory };
}

const isAmount = (value: unknown): boolean => Number.isFinite(value) && (value as number) >= 0;
