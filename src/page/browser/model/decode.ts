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

interface ProcessStats {
  /** undefined when the process sent no vitals. */
  readonly vitals: ProcessVitals | undefined;
  readonly stats: RequestStats;
}

/** Requests of one endpoint with the same values of the app's own labels, in the order of the labels. */
export interface LabelledStats {
  readonly key: string;
  readonly labels: readonly string[];
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
 * @property labelled  what `endpoints` adds up, by the app's own labels; empty where there are none
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
  readonly labelled: readonly LabelledStats[];
  readonly hosts: ReadonlyMap<string, RequestStats>;
  readonly processes: ReadonlyMap<string, ProcessStats>;
}

/** An endpoint as the process that answered names it. */
export interface KnownEndpoint {
  readonly key: string;
  readonly labels: readonly string[];
}

/**
 * The only reader of the protocol's tuples.
 * @param known   endpoints by the ids of the process that answered
 * @param buckets number of buckets, including the one above the top bound
 */
export function decodeInterval(
  { at, ms, byClass, running, ...rows }: Interval,
  version: string | null,
  known: ReadonlyMap<number, KnownEndpoint>,
  buckets: number,
): TimelineInterval {
  const all = rows.endpoints.map(([id, ...counters]): LabelledStats => {
    const { key, labels } = known.get(id) ?? { key: '', labels: [] };
    return { key, labels, stats: decodeCounters(counters, buckets) };
  });
  const labelled = all.some(({ labels }) => labels.length > 0) ? all : [];
  const hosts = new Map(rows.hosts.map(([host, ...counters]) => [host, decodeCounters(counters, buckets)]));
  const processes = new Map<string, ProcessStats>();
  for (const [pid, active, delay, cpu, memory, ...counters] of rows.processes) {
    const vitals = decodeVitals([active, delay, cpu, memory] as Vitals);
    processes.set(pid, { vitals, stats: decodeCounters(counters, buckets) });
  }
  const { total, endpoints } = addUp(all, buckets);
  const vitals = decodeVitals(rows.vitals);
  return { at, ms, version, byClass, running, vitals, total, endpoints, labelled, hosts, processes };
}

/** The totals of these requests, over all labels. */
export function addUp(all: readonly LabelledStats[], buckets: number): Pick<TimelineInterval, 'total' | 'endpoints'> {
  const total = new RequestTotals(buckets);
  const endpoints = new Map<string, RequestTotals>();
  for (const { key, stats } of all) {
    const sum = endpoints.get(key) ?? new RequestTotals(buckets);
    endpoints.set(key, sum.add(stats));
    total.add(stats);
  }
  return { total, endpoints };
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
