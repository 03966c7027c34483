import { addText, parseHistogram, textOf } from '../../base/histogram/histogram-text.ts';
import { createYielder } from '../../base/yield.ts';
import { OTHER } from '../../semconv.ts';
import type { CalledCounters, Counters, Interval, Vitals } from '../protocol.ts';
import { MAX_DATABASE_CALLS, MAX_HOSTS } from './called.ts';
import { mergeTimeSpent } from './merge-time-spent.ts';

/**
 * Makes one interval of two that follow each other. No turn of the event loop takes long.
 * @param listedId the id under which the requests of an endpoint are listed now: its own, or that of `other`
 */
export async function mergeIntervals(
  older: Interval,
  newer: Interval,
  listedId: (id: number) => number,
): Promise<Interval> {
  const ms = older.ms + newer.ms;
  const mergeVitals = (a: Vitals, b: Vitals): Vitals => {
    if (a[0] === null || b[0] === null) return a[0] === null ? b : a;
    const cpu = (a[2] * older.ms + b[2] * newer.ms) / ms;
    return [Math.max(a[0], b[0]), Math.max(a[1], b[1]), Math.round(cpu * 1e4) / 1e4, Math.max(a[3], b[3])];
  };
  const earlier = new Map(older.processes.map(([pid, ...rest]) => [pid, rest]));
  const pause = createYielder();
  // A process that the newer one does not have has exited; the page shows it no more.
  const processes: Interval['processes'][number][] = [];
  for (const row of newer.processes) {
    const [pid, active, delay, cpu, memory, ...counters] = row;
    const before = earlier.get(pid);
    if (before === undefined) {
      processes.push(row);
      continue;
    }
    const [activeBefore, delayBefore, cpuBefore, memoryBefore, ...countersBefore] = before;
    const vitals = mergeVitals(
      [activeBefore, delayBefore, cpuBefore, memoryBefore] as Vitals,
      [active, delay, cpu, memory] as Vitals,
    );
    processes.push([pid, ...vitals, ...addCounters(countersBefore, counters)]);
    await pause();
  }
  return {
    first: older.first,
    last: newer.last,
    at: newer.at,
    ms,
    byClass: newer.byClass.map((requests, i) => requests + (older.byClass[i] ?? 0)),
    running: Math.max(older.running, newer.running),
    vitals: mergeVitals(older.vitals, newer.vitals),
    endpoints: await addRows([...older.endpoints, ...newer.endpoints], listedId, pause),
    hosts: await addCalls([...older.hosts, ...newer.hosts], MAX_HOSTS, pause),
    databases: await addCalls([...older.databases, ...newer.databases], MAX_DATABASE_CALLS, pause),
    timeSpent: await mergeTimeSpent([...older.timeSpent, ...newer.timeSpent], listedId, pause),
    processes,
  };
}

type Row<K> = readonly [key: K, ...Counters];

/** Adds up the rows with the same key. */
async function addRows<K>(rows: readonly Row<K>[], keyOf: (key: K) => K, pause: () => unknown): Promise<Row<K>[]> {
  const sums = new Map<K, Counters>();
  for (const [given, ...counters] of rows) {
    const key = keyOf(given);
    const sum = sums.get(key);
    sums.set(key, sum === undefined ? counters : addCounters(sum, counters));
    await pause();
  }
  return Array.from(sums, ([key, counters]) => [key, ...counters]);
}

/** An app may call other hosts in each interval; those called least become `other`. */
async function addCalls(rows: readonly CalledCounters[], max: number, pause: () => unknown): Promise<CalledCounters[]> {
  const sums = await addRows(rows, (called) => called, pause);
  const ranks = sums
    .filter(([called]) => called !== OTHER)
    .sort(([, a], [, b]) => b - a)
    .map(([called]) => called);
  const listed = new Set(ranks.slice(0, max));
  return addRows(sums, (called) => (listed.has(called) ? called : OTHER), pause);
}

function addCounters(a: Counters, b: Counters): Counters {
  const durations = addText(parseHistogram(a[4]), b[4]);
  const seconds = Math.round((a[3] + b[3]) * 1e6) / 1e6;
  return [a[0] + b[0], a[1] + b[1], a[2] + b[2], seconds, textOf(durations)];
}
