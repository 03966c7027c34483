import { OTHER } from '../../../semconv.ts';
import type { ProcessVitals, TimelineInterval } from './decode.ts';
import { type Estimate, estimate } from './estimate.ts';
import { RequestTotals } from './request-totals.ts';

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

/** @param totals by host */
export function hostRows(totals: ReadonlyMap<string, RequestTotals>): BreakdownRow[] {
  const shown = new Map<string, RequestTotals>();
  Array.from(totals)
    .sort(([, a], [, b]) => b.requests - a.requests)
    .forEach(([host, stats], rank) => {
      const name = rank < MAX_HOSTS ? host : OTHER;
      shown.set(name, (shown.get(name) ?? new RequestTotals()).add(stats));
    });
  return Array.from(shown, ([name, stats]) => rowOf(name, stats));
}

/**
 * The processes that are running now.
 * @param totals  by pid, of the whole time range
 * @param last    its last interval
 */
export const processRows = (
  totals: ReadonlyMap<string, RequestTotals>,
  { processes, processVitals }: Pick<TimelineInterval, 'processes' | 'processVitals'>,
): BreakdownRow[] =>
  Array.from(processes.keys(), (pid) => rowOf(pid, totals.get(pid) ?? new RequestTotals(), processVitals.get(pid)));

const rowOf = (name: string, totals: RequestTotals, vitals?: ProcessVitals): BreakdownRow => ({
  name,
  totals,
  p99: estimate(totals.histogram, 0.99),
  vitals,
});
