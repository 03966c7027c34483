import cluster from 'node:cluster';
import { createHash } from 'node:crypto';
import { threadId } from 'node:worker_threads';
import type { Config } from '../config/variables.ts';
import { Aggregate } from '../metrics/aggregate.ts';
import type { ProcessMetrics } from '../metrics/process-metrics.ts';
import type { VitalsReader } from '../metrics/vitals.ts';
import type { Listen } from './claim-port.ts';
import type { RoleOptions } from './coordinator.ts';
import type { GroupObserver } from './group-observer.ts';
import { ProcessGroup } from './process-group.ts';
import { type SocketPaths, socketPathsFor } from './socket-paths.ts';

export interface ServiceOptions {
  readonly config: Config;
  /** Of the service; undefined where nobody has given it one. */
  readonly name: string | undefined;
  readonly local: ProcessMetrics;
  readonly serve: Listen;
  readonly unable: (error: NodeJS.ErrnoException, port: number) => void;
  readonly scrape: RoleOptions['scrape'];
  /** Of the live page; undefined where there is none. */
  readonly page: { readonly observer: GroupObserver; readonly vitals: VitalsReader } | undefined;
}

/** The port of the metrics server; undefined where there is none. */
export const portOf = ({ metricsOnApp, exporters, port }: Config): number | undefined =>
  metricsOnApp === undefined && exporters.includes('prometheus') ? port : undefined;

/** This process, or this thread of one, as it is named to others. */
export const ownPid: string = threadId === 0 ? `${process.pid}` : `${process.pid}.${threadId}`;

/** The group of a service's processes, as the configuration has it. */
export function serviceGroup({ config, name, local, serve, unable, scrape, page }: ServiceOptions): ProcessGroup {
  const { buckets, metricNames, authToken, metricsPath, gauges, maxPaths } = config;
  const port = portOf(config);
  const rules = new Map(Object.entries(gauges));
  return new ProcessGroup({
    place: placeOfService(config, name, port),
    settings: digest([buckets, metricNames, authToken, metricsPath]),
    pid: ownPid,
    port,
    bind: serve,
    unable,
    local,
    createMerged: (isShared) =>
      new Aggregate({ gauges: (name) => (isShared() ? (rules.get(name) ?? 'pid') : undefined), maxPaths }),
    scrape,
    buckets: buckets.length + 1,
    listener: page?.observer,
    vitals: page?.vitals,
  });
}

/** What tells services of one name apart: of a shop in production and its rehearsal nobody wants the sum. */
const APART = ['service.namespace', 'deployment.environment.name', 'deployment.environment'];

/** With a port of the metrics server all processes of the service; with the app's only those that share that port. */
function placeOfService(
  { host, resourceAttributes }: Config,
  name: string | undefined,
  port: number | undefined,
): SocketPaths | undefined {
  // Any free port is one for each process.
  if (port === 0) return undefined;
  const called = name ?? `unnamed: ${process.argv[1] ?? process.cwd()}`;
  const service = JSON.stringify([called, ...APART.map((attribute) => resourceAttributes[attribute])]);
  if (port !== undefined) return socketPathsFor([service, host, `${port}`]);
  return cluster.isWorker ? socketPathsFor([service, 'workers of', `${process.ppid}`]) : undefined;
}

const digest = (settings: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(settings)).digest('hex');
