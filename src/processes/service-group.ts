import cluster from 'node:cluster';
import { createHash } from 'node:crypto';
import { threadId } from 'node:worker_threads';
import type { Config } from '../config/variables.ts';
import { Aggregate } from '../metrics/aggregate.ts';
import type { Kinds } from '../metrics/kinds.ts';
import type { ProcessMetrics } from '../metrics/process-metrics.ts';
import type { VitalsReader } from '../metrics/vitals.ts';
import type { Listen } from './claim-port.ts';
import type { GroupObserver } from './group-observer.ts';
import { ProcessGroup } from './process-group.ts';
import type { MakeScrape } from './scrape.ts';
import { type SocketPaths, socketPathsFor } from './socket-paths.ts';

export interface ServiceOptions {
  readonly config: Config;
  /** Of the service; undefined where it is not configured. */
  readonly name: string | undefined;
  readonly kinds: Kinds;
  readonly local: ProcessMetrics;
  readonly serve: Listen;
  readonly unable: (error: NodeJS.ErrnoException, port: number) => void;
  readonly scrape: MakeScrape;
  /** The live page; undefined where there is none. */
  readonly page: { readonly observer: GroupObserver; readonly vitals: VitalsReader } | undefined;
}

/** The port of the metrics server; undefined where there is none. */
export const portOf = ({ metricsOnApp, exporters, port }: Config): number | undefined =>
  metricsOnApp === undefined && exporters.includes('prometheus') ? port : undefined;

/** The name of this process, or of this thread, in logs and labels. */
export const ownPid: string = threadId === 0 ? `${process.pid}` : `${process.pid}.${threadId}`;

/** Creates the group of a service's processes from the configuration. */
export function createServiceGroup(options: ServiceOptions): ProcessGroup {
  const { config, name, kinds, local, serve, unable, scrape, page } = options;
  const { buckets, metricNames, authToken, metricsPath, gauges, maxPaths } = config;
  const port = portOf(config);
  const rules = new Map(Object.entries(gauges));
  return new ProcessGroup({
    socketPaths: socketPathsOf(config, name, port),
    settings: digest([buckets, metricNames, authToken, metricsPath]),
    pid: ownPid,
    port,
    listen: serve,
    onListenError: unable,
    local,
    createAggregate: (isShared) =>
      new Aggregate({ kinds, gauges: (name) => (isShared() ? (rules.get(name) ?? 'pid') : undefined), maxPaths }),
    kinds,
    scrape,
    observer: page?.observer,
    vitals: page?.vitals,
  });
}

/** Services of the same name that differ in these, such as production and staging, are not merged. */
const IDENTITY_ATTRIBUTES = ['service.namespace', 'deployment.environment.name', 'deployment.environment'];

/**
 * With a metrics server, all processes of the service on this port meet. Where the app's own server answers the scrape,
 * only the workers of one cluster meet: they share that server's port.
 */
function socketPathsOf(
  { host, resourceAttributes }: Config,
  name: string | undefined,
  port: number | undefined,
): SocketPaths | undefined {
  // Port 0: each process serves its own metrics on any free port.
  if (port === 0) return undefined;
  const serviceName = name ?? `unnamed: ${process.argv[1] ?? process.cwd()}`;
  const service = JSON.stringify([serviceName, ...IDENTITY_ATTRIBUTES.map((key) => resourceAttributes[key])]);
  if (port !== undefined) return socketPathsFor([service, host, `${port}`]);
  return cluster.isWorker ? socketPathsFor([service, 'workers of', `${process.ppid}`]) : undefined;
}

const digest = (settings: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(settings)).digest('hex');
