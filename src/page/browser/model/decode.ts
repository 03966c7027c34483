import type { CalledCounters, Interval, TimeSpentRow, Vitals } from '../../protocol.ts';
import { EncodedStats, type RequestStats } from './request-stats.ts';
import { RequestTotals } from './request-totals.ts';

/** How a process, or all of them together, is doing. */
export interface ProcessVitals {
  readonly activeRequests: number;
  /** Longest event-loop delay, in seconds. */
  readonly loopDelay: number;
  readonly cpuCores: number;
  /** Resident set size. */
  readonly memoryBytes: number;
}

/** Requests of one endpoint with the same values of the app's own labels, in the order of the labels. */
export interface LabelledStats {
  readonly key: string;
  readonly labels: readonly string[];
  readonly stats: EncodedStats;
}

/** Seconds by `endpointKey` that were spent on one thing, by slow requests or by others. */
interface TimeSpent {
  readonly on: string;
  readonly isSlow: boolean;
  readonly seconds: ReadonlyMap<string, number>;
}

/**
 * An `Interval` of the protocol with named fields.
 * @property process   identifies the process that answered
 * @property uptime    of that process at the end, in seconds
 * @property first     its number in that process
 * @property last      the same, except of merged intervals
 * @property at        its end, in milliseconds since 1970
 * @property ms        its length
 * @property version   of the service
 * @property byClass   requests by status class, from 1xx to 5xx
 * @property running   number of processes and threads
 * @property total     of all endpoints
 * @property endpoints by `endpointKey`
 * @property labelled  what `endpoints` adds up, by the app's own labels; empty where there are none
 * @property hosts     outgoing HTTP calls by host
 * @property databases calls of databases and caches by system, host and operation
 * @property timeSpent of all requests, whatever their labels
 * @property processes requests by pid
 * @property processVitals by pid, of those that sent them
 */
export interface TimelineInterval {
  readonly process: string;
  readonly uptime: number;
  readonly first: number;
  readonly last: number;
  readonly at: number;
  readonly ms: number;
  readonly version: string | null;
  readonly byClass: readonly number[];
  readonly running: number;
  readonly vitals: ProcessVitals | undefined;
  readonly total: RequestStats;
  readonly endpoints: ReadonlyMap<string, RequestStats>;
  readonly labelled: readonly LabelledStats[];
  readonly hosts: ReadonlyMap<string, RequestStats>;
  readonly databases: ReadonlyMap<string, RequestStats>;
  readonly timeSpent: readonly TimeSpent[];
  readonly processes: ReadonlyMap<string, RequestStats>;
  readonly processVitals: ReadonlyMap<string, ProcessVitals>;
}

/** An endpoint as the process that answered names it. */
export interface KnownEndpoint {
  readonly key: string;
  readonly labels: readonly string[];
}

/**
 * The only reader of the protocol's tuples.
 * @param source which process answered, when it started, the version of the service, and its endpoints by id
 */
export function decodeInterval(
  { first, last, at, ms, byClass, running, ...rows }: Interval,
  {
    startedAt,
    known,
    ...source
  }: Pick<TimelineInterval, 'process' | 'version'> & {
    readonly startedAt: number;
    readonly known: ReadonlyMap<number, KnownEndpoint>;
  },
): TimelineInterval {
  const all = rows.endpoints.map(([id, ...counters]): LabelledStats => {
    const { key, labels } = known.get(id) ?? { key: '', labels: [] };
    return { key, labels, stats: EncodedStats.decode(counters) };
  });
  const labelled = all.some(({ labels }) => labels.length > 0) ? all : [];
  const processes = new Map<string, EncodedStats>();
  const processVitals = new Map<string, ProcessVitals>();
  for (const [pid, active, delay, cpu, memory, ...counters] of rows.processes) {
    processes.set(pid, EncodedStats.decode(counters));
    const vitals = decodeVitals([active, delay, cpu, memory] as Vitals);
    if (vitals) processVitals.set(pid, vitals);
  }
  const vitals = decodeVitals(rows.vitals);
  return {
    ...source,
    uptime: (at - startedAt) / 1000,
    first,
    last,
    at,
    ms,
    byClass,
    running,
    vitals,
    ...addUp(all),
    labelled,
    hosts: decodeCalls(rows.hosts),
    databases: decodeCalls(rows.databases),
    timeSpent: rows.timeSpent.map((row) => decodeTimeSpent(row, known)),
    processes,
    processVitals,
  };
}

/** The totals of these requests, over all labels. */
export function addUp(all: readonly LabelledStats[]): Pick<TimelineInterval, 'total' | 'endpoints'> {
  const total = new RequestTotals();
  const endpoints = new Map<string, EncodedStats>();
  for (const { key, stats } of all) {
    endpoints.set(key, endpoints.get(key)?.plus(stats) ?? stats);
    total.add(stats);
  }
  return { total, endpoints };
}

const decodeCalls = (rows: readonly CalledCounters[]): Map<string, EncodedStats> =>
  new Map(rows.map(([called, ...counters]) => [called, EncodedStats.decode(counters)]));

function decodeTimeSpent(
  [on, slow, ...times]: TimeSpentRow,
  known: ReadonlyMap<number, Pick<KnownEndpoint, 'key'>>,
): TimeSpent {
  const seconds = new Map<string, number>();
  for (let i = 0; i < times.length; i += 2) {
    const { key } = known.get(times[i] as number) ?? { key: '' };
    seconds.set(key, (seconds.get(key) ?? 0) + (times[i + 1] as number));
  }
  return { on, isSlow: slow === 1, seconds };
}

function decodeVitals([active, delay, cpu, memory]: Vitals): ProcessVitals | undefined {
  if (active === null) return undefined;
  return { activeRequests: active, loopDelay: delay, cpuCores: cpu, memoryBytes: memory };
}
