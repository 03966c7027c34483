import type { Aggregate } from '../metrics/aggregate.ts';
import type { Kinds } from '../metrics/kinds.ts';
import type { ProcessMetrics } from '../metrics/process-metrics.ts';
import type { VitalsReader } from '../metrics/vitals.ts';
import type { Listen } from './claim-port.ts';
import type { GroupObserver } from './group-observer.ts';
import type { PortHolder } from './port-holder.ts';
import type { Program } from './program.ts';
import type { MakeScrape } from './scrape.ts';
import type { SocketPaths } from './socket-paths.ts';

/** What the processes of a service need from the rest of the package. */
export interface GroupOptions {
  /** Where the processes of each group find each other; none keeps this process alone. */
  readonly slots: readonly SocketPaths[];
  /** The name of the service, as its metrics have it. */
  readonly service: string | undefined;
  readonly program: Program;
  /** A digest of the settings that must be equal for metrics to be merged. */
  readonly settings: string;
  /** Of this process; a thread appends its number. */
  readonly pid: string;
  /** Of the metrics server; undefined where there is none, because the app's own server answers the scrape. */
  readonly port: number | undefined;
  readonly listen: Listen;
  /** Asks who has a port. */
  readonly ask: (port: number) => Promise<PortHolder | 'protected' | undefined>;
  /** Called once, where no port can be had. */
  readonly onListenError: (error: NodeJS.ErrnoException, port: number) => void;
  readonly local: ProcessMetrics;
  /** @param isShared whether there are, or were, other processes */
  readonly createAggregate: (isShared: () => boolean) => Aggregate;
  /** The same in every process with these settings. */
  readonly kinds: Kinds;
  /** `APM_METRIC_PREFIX`, for the metrics about the merging itself. */
  readonly metricPrefix: string;
  /** Makes the scrape, as this process serves it. */
  readonly scrape: MakeScrape;
  /** The live page, and what it shows of this process; undefined where there is none. */
  readonly observer: GroupObserver | undefined;
  readonly vitals: VitalsReader | undefined;
}
