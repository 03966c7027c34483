import { OTHER } from '../../../semconv.ts';
import type { ProcessVitals, TimelineInterval } from './decode.ts';
import { type Estimate, estimate } from './estimate.ts';
import { RequestTotals } from './request-totals.ts';

/**
 * A host or a database that was called, or a process of the service.
 * @property operation of a database: such as SELECT, or `connect` for waiting for a connection
 */
export interface BreakdownRow {
  readonly name: string;
  readonly operation?: string;
  readonly totals: RequestTotals;
  readonly p99: Estimate;
  /** Of a process. */
  readonly vitals: ProcessVitals | undefined;
}

/** A service may call any number of hosts; those called least are combined into `other`. As many of databases. */
const MAX_CALLED = 50;

/** @param totals by host */
export const hostRows = (totals: ReadonlyMap<string, RequestTotals>): BreakdownRow[] =>
  mostCalled(totals).map(([name, stats]) => rowOf(name, stats));

/** @param totals by system, host and operation, with a blank between them. An operation contains none */
export const databaseRows = (totals: ReadonlyMap<string, RequestTotals>): BreakdownRow[] =>
  mostCalled(totals).map(([called, stats]) => {
    const end = called.lastIndexOf(' ');
    const row = rowOf(end < 0 ? called : called.slice(0, end), stats);
    return { ...row, operation: end < 0 ? OTHER : called.slice(end + 1) };
  });

function mostCalled(totals: ReadonlyMap<string, RequestTotals>): [called: string, totals: RequestTotals][] {
  const shown = new Map<string, RequestTotals>();
  Array.from(totals)
    .sort(([, a], [, b]) => b.requests - a.requests)
    .forEach(([called, stats], rank) => {
      const name = rank < MAX_CALLED ? called : OTHER;
      shown.set(name, (shown.get(name) ?? new RequestTotals()).add(stats));
    });
  return [...shown];
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
