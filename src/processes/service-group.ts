import cluster from 'node:cluster';
import { createHash } from 'node:crypto';
import { threadId } from 'node:worker_threads';
import type { AppPackage } from '../config/app-package.ts';
import { serviceName } from '../config/service.ts';
import type { Config } from '../config/variables.ts';
import { Aggregate } from '../metrics/aggregate.ts';
import type { Kinds } from '../metrics/kinds.ts';
import type { ProcessMetrics } from '../metrics/process-metrics.ts';
import type { VitalsReader } from '../metrics/vitals.ts';
import type { Listen } from './claim-port.ts';
import type { GroupObserver } from './group-observer.ts';
import { askPortHolder } from './port-holder.ts';
import { ProcessGroup } from './process-group.ts';
import { readProgram } from './program.ts';
import type { MakeScrape } from './scrape.ts';
import { type SocketPaths, slotsFor } from './socket-paths.ts';

export interface ServiceOptions {
  readonly config: Config;
  readonly app: AppPackage | undefined;
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
  const { config, app, kinds, local, serve, unable, scrape, page } = options;
  const { host, buckets, metricNames, metricPrefix, authToken, metricsPath, gauges, maxPaths, labels } = config;
  const name = serviceName(config, app);
  const port = portOf(config);
  const rules = new Map(Object.entries(gauges));
  return new ProcessGroup({
    slots: slotsOf(config, name, port),
    service: name,
    program: readProgram(config, app),
    settings: digest([buckets, metricNames, metricPrefix, authToken, metricsPath, Object.keys(labels)]),
    pid: ownPid,
    port,
    listen: serve,
    ask: (port) => askPortHolder(host, port),
    onListenError: unable,
    local,
    createAggregate: (isShared) =>
      new Aggregate({
        kinds,
        gauges: (name) => (isShared() ? (rules.get(name) ?? 'pid') : undefined),
        maxPaths,
        labels,
      }),
    kinds,
    metricPrefix,
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
function slotsOf(
  { host, resourceAttributes }: Config,
  name: string | undefined,
  port: number | undefined,
): SocketPaths[] {
  // Port 0: each process serves its own metrics on any free port.
  if (port === 0) return [];
  const serviceName = name ?? `unnamed: ${process.argv[1] ?? process.cwd()}`;
  const service = JSON.stringify([serviceName, ...IDENTITY_ATTRIBUTES.map((key) => resourceAttributes[key])]);
  if (port !== undefined) return slotsFor([service, host, `${port}`]);
  return cluster.isWorker ? slotsFor([service, 'workers of', `${process.ppid}`]) : [];
}

const digest = (settings: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(settings)).digest('hex');
