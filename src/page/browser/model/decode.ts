import type { Counters, Interval, Vitals } from '../../protocol.ts';
import { type RequestStats, RequestTotals } from './request-totals.ts';

/** How a process, or all of them together, is doing. */
export interface ProcessVitals {
  readonly activeRequests: number;
  /** Longest event-loop delay, in seconds. */
  readonly loopDelay: number;
  readonly cpuCores: number;
  /** Resident set size. */
  readonly memoryBytes: number;
}

export interface ProcessStats {
  /** undefined when the process sent no vitals. */
  readonly vitals: ProcessVitals | undefined;
  readonly stats: RequestStats;
}

/**
 * An `Interval` of the protocol with named fields.
 * @property at        its end, in milliseconds since 1970
 * @property ms        its length
 * @property version   of the service
 * @property byClass   requests by status class, from 1xx to 5xx
 * @property running   number of processes and threads
 * @property total     of all endpoints
 * @property endpoints by `endpointKey`
 * @property hosts     outgoing calls by host
 * @property processes by pid
 */
export interface TimelineInterval {
  readonly at: number;
  readonly ms: number;
  readonly version: string | null;
  readonly byClass: readonly number[];
  readonly running: number;
  readonly vitals: ProcessVitals | undefined;
  readonly total: RequestStats;
  readonly endpoints: ReadonlyMap<string, RequestStats>;
  readonly hosts: ReadonlyMap<string, RequestStats>;
  readonly processes: ReadonlyMap<string, ProcessStats>;
}

/**
 * The only reader of the protocol's tuples.
 * @param keys    endpoint keys by the ids of the process that answered
 * @param buckets number of buckets, including the one above the top bound
 */
export function decodeInterval(
  { at, ms, byClass, running, ...rows }: Interval,
  version: string | null,
  keys: ReadonlyMap<number, string>,
  buckets: number,
): TimelineInterval {
  const total = new RequestTotals(buckets);
  const endpoints = new Map<string, RequestStats>();
  for (const [id, ...counters] of rows.endpoints) {
    const stats = decodeCounters(counters, buckets);
    endpoints.set(keys.get(id) ?? '', stats);
    total.add(stats);
  }
  const hosts = new Map(rows.hosts.map(([host, ...counters]) => [host, decodeCounters(counters, buckets)]));
  const processes = new Map<string, ProcessStats>();
  for (const [pid, active, delay, cpu, memory, ...counters] of rows.processes) {
    const vitals = decodeVitals([active, delay, cpu, memory] as Vitals);
    processes.set(pid, { vitals, stats: decodeCounters(counters, buckets) });
  }
  return { at, ms, version, byClass, running, vitals: decodeVitals(rows.vitals), total, endpoints, hosts, processes };
}

export function decodeCounters(
  [requests, clientErrors, errors, seconds, first, ...filled]: Counters,
  buckets: number,
): RequestStats {
  const counts = new Array<number>(buckets).fill(0);
  for (let i = 0; i < filled.length; i++) counts[first + i] = filled[i] as number;
  return { requests, clientErrors, errors, seconds, counts };
}

function decodeVitals([active, delay, cpu, memory]: Vitals): ProcessVitals | undefined {
  if (active === null) return undefined;
  return { activeRequests: active, loopDelay: delay, cpuCores: cpu, memoryBytes: memory };
}
