import { OTHER } from '../../../semconv.ts';
import type { ProcessVitals, TimelineInterval } from './decode.ts';
import { type Estimate, estimate } from './estimate.ts';
import { type RequestStats, RequestTotals } from './request-totals.ts';

/** A host that was called, or a process of the service. */
export interface BreakdownRow {
  readonly name: string;
  readonly totals: RequestTotals;
  readonly p99: Estimate;
  /** Of a process. */
  readonly vitals: ProcessVitals | undefined;
}

/** A service may call any number of hosts; those called least are combined into `other`. */
const MAX_HOSTS = 50;

export function hostRows(intervals: readonly TimelineInterval[], bounds: readonly number[]): BreakdownRow[] {
  const totals = new Totals(bounds);
  for (const { hosts } of intervals) {
    for (const [host, stats] of hosts) totals.add(host, stats);
  }
  const shown = new Totals(bounds);
  Array.from(totals.byName)
    .sort(([, a], [, b]) => b.requests - a.requests)
    .forEach(([host, stats], rank) => {
      shown.add(rank < MAX_HOSTS ? host : OTHER, stats);
    });
  return shown.rows(() => undefined);
}

/** The processes that are running now, with their requests in all of the intervals. */
export function processRows(intervals: readonly TimelineInterval[], bounds: readonly number[]): BreakdownRow[] {
  const running = intervals.at(-1)?.processes;
  const totals = new Totals(bounds);
  for (const { processes } of intervals) {
    for (const [pid, { stats }] of processes) if (running?.has(pid)) totals.add(pid, stats);
  }
  return totals.rows((pid) => running?.get(pid)?.vitals);
}

class Totals {
  readonly byName = new Map<string, RequestTotals>();
  readonly #bounds: readonly number[];

  constructor(bounds: readonly number[]) {
    this.#bounds = bounds;
  }

  add(name: string, stats: RequestStats): void {
    const totals = this.byName.get(name) ?? new RequestTotals(this.#bounds.length + 1);
    this.byName.set(name, totals.add(stats));
  }

  rows(vitalsOf: (name: string) => ProcessVitals | undefined): BreakdownRow[] {
    return Array.from(this.byName, ([name, totals]) => {
      const p99 = estimate(this.#bounds, totals.counts, 0.99);
      return { name, totals, p99, vitals: vitalsOf(name) };
    });
  }
}
