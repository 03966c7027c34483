import type { Interval, Vitals } from '../protocol.ts';
import { CounterSet } from './counters.ts';

/** So many processes are shown one by one. All of them are in the sum. */
const SHOWN = 32;
/** After so many slots without a word nobody knows how a process does; it may be stopped. */
const SILENT = 3;
const UNKNOWN: Vitals = [null, null, null, null];

/** One process, or a thread of one. */
class Process {
  /** undefined where it is one too many to be shown. */
  readonly tally: CounterSet | undefined;
  signs: Vitals = UNKNOWN;
  silent = 0;
  gone = false;

  constructor(tally: CounterSet | undefined) {
    this.tally = tally;
  }

  lives(signs: Vitals): void {
    this.signs = signs;
    this.silent = 0;
  }
}

/** How the processes of the service do in the slot that is being filled. */
export class Processes {
  readonly #buckets: number;
  readonly #all = new Map<string, Process>();

  constructor(buckets: number) {
    this.#buckets = buckets;
  }

  of(pid: string): Process {
    let process = this.#all.get(pid);
    if (process === undefined) {
      const shown = Array.from(this.#all.values()).filter(({ tally }) => tally).length;
      process = new Process(shown < SHOWN ? new CounterSet(this.#buckets) : undefined);
      this.#all.set(pid, process);
    }
    return process;
  }

  /** What it had is shown in this slot still. */
  left(pid: string): void {
    const process = this.#all.get(pid);
    if (process) process.gone = true;
  }

  get running(): number {
    return Array.from(this.#all.values()).filter(({ gone }) => !gone).length;
  }

  /** Threads share their process's cores and memory, so each process counts with what the first of them says. */
  get signs(): Vitals {
    const all = Array.from(this.#all).filter(([, { signs, gone }]) => signs[0] !== null && !gone);
    if (all.length === 0) return UNKNOWN;
    const seen = new Set<string>();
    let [active, longest, cpu, memory] = [0, 0, 0, 0];
    for (const [pid, { signs }] of all) {
      const process = pid.replace(/\..*/, '');
      active += signs[0] ?? 0;
      longest = Math.max(longest, signs[1] ?? 0);
      if (seen.has(process)) continue;
      seen.add(process);
      cpu += signs[2] ?? 0;
      memory += signs[3] ?? 0;
    }
    return [active, longest, Math.round(cpu * 1e4) / 1e4, memory];
  }

  /** What each had; then the next slot begins. */
  take(): Interval['processes'] {
    const taken: Interval['processes'][number][] = [];
    for (const [pid, process] of this.#all) {
      if (process.tally) taken.push([pid, ...process.signs, ...process.tally.take()]);
      if (process.gone) this.#all.delete(pid);
      else if (++process.silent > SILENT) process.signs = UNKNOWN;
    }
    return taken;
  }
}
