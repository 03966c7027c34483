import type { Vitals } from '../protocol.ts';
import { percentileCell } from './endpoints-view.ts';
import { bytes, count, rate, seconds, share } from './format.ts';
import { quantile, secondsOf } from './quantile.ts';
import { Sum } from './sum.ts';
import { type Column, Table } from './table.ts';
import { type Moment, OTHER } from './timeline.ts';
import { words } from './words.ts';

interface Named {
  readonly name: string;
  readonly sum: Sum;
  readonly p99: ReturnType<typeof quantile>;
  readonly signs: Vitals;
}

const failed = ({ sum }: Named): number => sum.errors / Math.max(sum.requests, 1);
const p99: Column<Named> = { name: 'p99', value: (row) => secondsOf(row.p99), cell: (row) => percentileCell(row.p99) };
const sign = (name: string, i: 0 | 1 | 2 | 3, format: (value: number) => string): Column<Named> => ({
  name,
  value: ({ signs }) => signs[i] ?? undefined,
  cell: ({ signs }) => ({ text: signs[i] === null ? '–' : format(signs[i]) }),
});

export const hostsTable = (): Table<Named> =>
  new Table({
    caption: words.outgoing,
    keyOf: ({ name }) => name,
    sortBy: 2,
    columns: [
      { name: words.host, value: ({ name }) => name, cell: ({ name }) => ({ text: name }) },
      { name: words.calls, value: ({ sum }) => sum.requests, cell: ({ sum }) => ({ text: count(sum.requests) }) },
      p99,
      {
        name: words.failedCalls,
        hint: words.failedCallsHint,
        value: failed,
        cell: (row) => ({ text: share(failed(row)), className: row.sum.errors > 0 ? 'bad' : '' }),
      },
    ],
  });

export const processesTable = (): Table<Named> =>
  new Table({
    caption: words.processTable,
    keyOf: ({ name }) => name,
    sortBy: 2,
    columns: [
      { name: words.process, value: ({ name }) => name, cell: ({ name }) => ({ text: name }) },
      { name: words.requests, value: ({ sum }) => sum.requests, cell: ({ sum }) => ({ text: count(sum.requests) }) },
      p99,
      { name: words.errorsColumn, value: failed, cell: (row) => ({ text: share(failed(row)) }) },
      sign(words.active, 0, count),
      sign(words.delayColumn, 1, seconds),
      sign(words.cpu, 2, rate),
      sign(words.memoryColumn, 3, bytes),
    ],
  });

/** So many hosts are shown; whoever calls the whole world calls the rest as `other`. */
const HOSTS = 50;

export function hostRows(moments: readonly Moment[], bounds: readonly number[]): Named[] {
  const sums = new Map<string, Sum>();
  for (const { hosts } of moments) {
    for (const [host, ...tallied] of hosts) {
      sums.set(host, (sums.get(host) ?? new Sum(bounds.length + 1)).add(tallied));
    }
  }
  const busiest = Array.from(sums).sort(([, a], [, b]) => b.requests - a.requests);
  const shown = new Map(busiest.slice(0, HOSTS));
  for (const [, sum] of busiest.slice(HOSTS)) {
    shown.set(OTHER, (shown.get(OTHER) ?? new Sum(bounds.length + 1)).add(sum.tallied));
  }
  return named(shown, bounds, () => [null, null, null, null]);
}

/** Those that are there now, with what they had in all the time that is shown. */
export function processRows(moments: readonly Moment[], bounds: readonly number[]): Named[] {
  const sums = new Map<string, Sum>();
  const now = new Map((moments.at(-1)?.processes ?? []).map(([pid, ...rest]) => [pid, rest.slice(0, 4) as Vitals]));
  for (const { processes } of moments) {
    for (const [pid, , , , , ...tallied] of processes) {
      if (now.has(pid)) sums.set(pid, (sums.get(pid) ?? new Sum(bounds.length + 1)).add(tallied));
    }
  }
  return named(sums, bounds, (pid) => now.get(pid) ?? [null, null, null, null]);
}

const named = (sums: Map<string, Sum>, bounds: readonly number[], signsOf: (name: string) => Vitals): Named[] =>
  Array.from(sums, ([name, sum]) => ({ name, sum, p99: quantile(sum.counts, bounds, 0.99), signs: signsOf(name) }));
