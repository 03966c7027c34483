import type { ProcessCounters, Vitals } from '../protocol.ts';
import { CounterSet } from './counters.ts';

/** This many processes are shown one by one. All of them are in the sum. */
const MAX_SHOWN = 32;
/** After this many intervals without a report the state of a process is unknown; it may be stopped. */
const MAX_SILENT_INTERVALS = 3;
const UNKNOWN: Vitals = [null, null, null, null];

/** One process, or one thread of a process. */
class Process {
  /** undefined where there are too many processes to show this one. */
  readonly counters: CounterSet | undefined;
  vitals: Vitals = UNKNOWN;
  silentIntervals = 0;
  hasExited = false;

  constructor(counters: CounterSet | undefined) {
    this.counters = counters;
  }

  report(vitals: Vitals): void {
    this.vitals = vitals;
    this.silentIntervals = 0;
  }
}

/** How the processes of the service are doing in the interval that is being filled. */
export class Processes {
  readonly #all = new Map<string, Process>();

  get(pid: string): Process {
    let process = this.#all.get(pid);
    if (process === undefined) {
      const shown = Array.from(this.#all.values()).filter(({ counters }) => counters).length;
      process = new Process(shown < MAX_SHOWN ? new CounterSet() : undefined);
      this.#all.set(pid, process);
    }
    return process;
  }

  /** The process exited. This interval still shows what it counted. */
  exited(pid: string): void {
    const process = this.#all.get(pid);
    if (process) process.hasExited = true;
  }

  get running(): number {
    return Array.from(this.#all.values()).filter(({ hasExited }) => !hasExited).length;
  }

  /** Sums, and the longest delay. Threads share CPU and memory, so each process counts with its first thread's report. */
  get vitals(): Vitals {
    const all = Array.from(this.#all).filter(([, { vitals, hasExited }]) => vitals[0] !== null && !hasExited);
    if (all.length === 0) return UNKNOWN;
    const seen = new Set<string>();
    let [active, longest, cpu, memory] = [0, 0, 0, 0];
    for (const [pid, { vitals }] of all) {
      const process = pid.replace(/\..*/, '');
      active += vitals[0] ?? 0;
      longest = Math.max(longest, vitals[1] ?? 0);
      if (seen.has(process)) continue;
      seen.add(process);
      cpu += vitals[2] ?? 0;
      memory += vitals[3] ?? 0;
    }
    return [active, longest, Math.round(cpu * 1e4) / 1e4, memory];
  }

  /** Returns what encodes each process of this interval; then the next one begins. */
  take(): (() => ProcessCounters)[] {
    const taken: (() => ProcessCounters)[] = [];
    for (const [pid, process] of this.#all) {
      const [vitals, encode] = [process.vitals, process.counters?.take()];
      if (encode) taken.push(() => [pid, ...vitals, ...encode()]);
      if (process.hasExited) this.#all.delete(pid);
      else if (++process.silentIntervals > MAX_SILENT_INTERVALS) process.vitals = UNKNOWN;
    }
    return taken;
  }
}
