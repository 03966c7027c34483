import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import { now } from '../base/clock.ts';
import type { HostCalls, OutgoingCalls } from './outgoing-calls.ts';
import type { RequestSeries } from './series.ts';

/** Milliseconds between two looks at the event loop. What it is late is what it comes later than that. */
const RESOLUTION = 20;

/**
 * How one process does, beside the requests it has answered. Everything but `active` and `memory` is of the time since
 * it was last asked.
 * @property active    requests being answered now
 * @property delay     seconds: the longest that the event loop let anybody wait for a turn
 * @property cpu       cores' worth of time it used, as 0.5; of the whole process, also where this is a thread of it
 * @property memory    bytes of RSS, likewise
 * @property outgoing  calls by host
 */
export interface VitalSigns {
  readonly active: number;
  readonly delay: number;
  readonly cpu: number;
  readonly memory: number;
  readonly outgoing: readonly HostCalls[];
}

/** Reads them from Node itself: three numbers, which upstream's runtime instrumentation has only one of. */
export class Vitals {
  readonly #series: RequestSeries;
  readonly #calls: OutgoingCalls;
  readonly #loop: IntervalHistogram = monitorEventLoopDelay({ resolution: RESOLUTION });
  #cpu = process.cpuUsage();
  #at = now();

  constructor(series: RequestSeries, calls: OutgoingCalls) {
    this.#series = series;
    this.#calls = calls;
  }

  start(): void {
    this.#loop.enable();
  }

  read(): VitalSigns {
    const at = now();
    const { user, system } = process.cpuUsage(this.#cpu);
    const cpu = (user + system) / 1000 / Math.max(at - this.#at, 1);
    // The longest, because a percentile passes over the one standstill in it that everybody waited for.
    const late = this.#loop.count === 0 ? 0 : this.#loop.max / 1e9 - RESOLUTION / 1000;
    this.#loop.reset();
    this.#cpu = process.cpuUsage();
    this.#at = at;
    return {
      active: this.#series.active.points.reduce((sum, { value }) => sum + value, 0),
      delay: Math.max(0, late),
      cpu,
      memory: process.memoryUsage.rss(),
      outgoing: this.#calls.take(),
    };
  }

  stop(): void {
    this.#loop.disable();
  }
}

/** What another process says of itself. @throws where it is not that */
export function vitalSigns(given: unknown, boundaries: readonly number[]): VitalSigns {
  const { active, delay, cpu, memory, outgoing } = given as VitalSigns;
  if (![active, delay, cpu, memory].every(isAmount) || !Array.isArray(outgoing)) throw new Error('no vital signs');
  for (const { host, calls, failed, seconds, counts } of outgoing as HostCalls[]) {
    const right = typeof host === 'string' && host.length < 300 && [calls, failed, seconds].every(isAmount);
    if (!right || counts.length !== boundaries.length + 1 || !counts.every(isAmount)) throw new Error('no calls');
  }
  return { active, delay, cpu, memory, outgoing };
}

const isAmount = (given: unknown): boolean => Number.isFinite(given) && (given as number) >= 0;
