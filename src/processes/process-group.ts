import { guard, reportFailure } from '../base/guard.ts';
import { forEachInTurns } from '../base/yield.ts';
import type { PathCounts, Snapshot } from '../metrics/aggregate.ts';
import type { Increments } from '../metrics/increments.ts';
import type { SeriesByKind } from '../metrics/series-set.ts';
import type { ApmSnapshot } from '../snapshot.ts';
import { Coordinator } from './coordinator.ts';
import type { GroupOptions } from './group-options.ts';
import type { Acknowledge } from './scrape.ts';
import { selfMetrics } from './self-metrics.ts';
import type { Serving } from './serving.ts';

/** A leader may exit while it makes the scrape: its successor is asked then. */
const MAX_RELAY_ATTEMPTS = 3;

/**
 * @property scrapedBy the process that serves the metrics of this one
 * @property merged    whether that is another process
 * @property address   of its metrics server
 * @property others    the processes merged here, where this one serves; `late` ones did not answer the last scrape in time
 * @property paths     of all processes together; null where nothing is merged here
 */
export interface GroupStatus {
  readonly scrapedBy: string;
  readonly merged: boolean;
  readonly address: string | undefined;
  readonly others: readonly { readonly pid: string; readonly late: boolean }[];
  readonly paths: PathCounts | null;
}

/** What all processes have counted. */
export interface Collection {
  readonly snapshot: Snapshot;
  readonly acknowledge: Acknowledge;
}

/**
 * The live series of all processes.
 * @property processes  that are merged
 */
export interface MergedSeries extends Pick<ApmSnapshot, 'counted' | 'processes'> {
  readonly series: SeriesByKind;
}

/**
 * The processes of one service on this machine. The one that claims the metrics port is the leader and serves the metrics
 * of all; the others, its followers, send it what they count. When it is gone, the first to claim the port succeeds it.
 */
export class ProcessGroup {
  readonly #options: GroupOptions;
  readonly #coordinator: Coordinator;

  constructor(options: GroupOptions) {
    this.#options = options;
    this.#coordinator = new Coordinator(options);
  }

  /** Resolves once this process has its role. */
  async start(): Promise<void> {
    // Before the app's own listeners, which may exit or throw.
    process.prependListener('exit', this.#onExit);
    this.#coordinator.supervise().catch((cause) => {
      reportFailure('coordinate with the other processes of this service', cause);
      return this.#coordinator.leave();
    });
    await this.#coordinator.found();
  }

  /** undefined while this process looks for its role. */
  status(): GroupStatus | undefined {
    const role = this.#coordinator.current;
    if (role === undefined) return undefined;
    if (role.kind === 'follower') {
      const { pid, address } = role.follower.welcome;
      return { scrapedBy: pid, merged: true, address, others: [], paths: null };
    }
    const { server, leader, aggregate } = role.serving;
    return {
      scrapedBy: this.#options.pid,
      merged: false,
      address: server?.address,
      others: leader.followers,
      paths: leader.isShared ? aggregate.paths : null,
    };
  }

  /** Whether this process serves the metrics. */
  get isScraped(): boolean {
    const role = this.#coordinator.current;
    return role !== undefined && role.kind !== 'follower';
  }

  /** The scrape, where another process makes it; undefined where this one does. */
  async relayScrape(scraper: string | undefined): Promise<readonly Buffer[] | undefined> {
    for (let attempt = 1; ; attempt++) {
      const role = await this.#coordinator.found();
      if (role?.kind !== 'follower') return undefined;
      try {
        return await role.follower.scrape(scraper);
      } catch (cause) {
        if (attempt === MAX_RELAY_ATTEMPTS) throw cause;
      }
    }
  }

  /** The series of all processes that are known before a collection; none where this process adds nothing up. */
  get mergedSeries(): SeriesByKind {
    const role = this.#coordinator.current;
    return role === undefined || role.kind === 'follower' ? {} : role.serving.aggregate.series;
  }

  async collect(): Promise<Collection> {
    const serving = this.#serving;
    const { local } = this.#options;
    // Most services are one process: it has nothing to add up.
    if (!this.#addsUp(serving)) return { snapshot: await local.readTotals(), acknowledge() {} };
    const { leader, aggregate } = serving;
    const states = await this.#merge(serving, (keep) => local.takeAll(keep));
    aggregate.setStates(this.#options, states);
    const acknowledge = leader.prepareAcknowledge();
    const snapshot = aggregate.read();
    return {
      snapshot: {
        ...snapshot,
        instruments: [...snapshot.instruments, ...selfMetrics(leader, this.#options.metricPrefix)],
      },
      acknowledge,
    };
  }

  /** Our own series of all processes, for a snapshot. No scrape shows them yet, so nothing is acknowledged. */
  async collectSeries(): Promise<MergedSeries> {
    const serving = this.#serving;
    const { local } = this.#options;
    const { leader, aggregate } = serving;
    const addsUp = this.#addsUp(serving);
    if (addsUp) await this.#merge(serving, (keep) => forEachInTurns(local.takeSeries(), keep));
    const series = addsUp ? aggregate.series : local.readSeries();
    return { series, counted: serving.counted, processes: leader.processes };
  }

  get #serving(): Serving {
    const role = this.#coordinator.current;
    if (role === undefined || role.kind === 'follower') throw new Error('another process serves the metrics');
    return role.serving;
  }

  #addsUp({ leader }: Serving): boolean {
    return leader.isShared || this.#coordinator.usesIncrements;
  }

  /**
   * Adds what is new in each process to the aggregate.
   * @param take  takes what is new in this process, and keeps each part of it at once
   */
  async #merge<T>(serving: Serving, take: (keep: (increments: Increments) => void) => Promise<T>): Promise<T> {
    this.#coordinator.usesIncrements = true;
    const { leader, aggregate } = serving;
    const own: Increments[] = [];
    const taken = take((increments) => {
      own.push(increments);
      // These counts are nowhere else, and this process may exit while it waits for the others.
      leader.backlog.add(increments);
    });
    const [result] = await Promise.all([taken, leader.collect()]);
    const role = this.#coordinator.current;
    if (role === undefined || role.kind === 'follower' || role.serving !== serving) {
      for (const each of own) this.#coordinator.unacknowledged.add(each);
      throw new Error('another process serves the metrics from now on');
    }
    serving.addLog();
    for (const each of own) aggregate.add(each);
    return result;
  }

  async leave(): Promise<void> {
    process.off('exit', this.#onExit);
    this.#flush();
    await this.#coordinator.leave();
  }

  readonly #onExit = (): void => {
    guard('send the last counts to another process', () => {
      this.#flush();
      this.#coordinator.hide();
    });
  };

  /** Synchronous: sends what is not sent yet, or hands it over. */
  #flush(): void {
    const role = this.#coordinator.current;
    if (role === undefined) this.#coordinator.flushSearch();
    else if (role.kind === 'follower') role.follower.flush();
    // Before increments were taken, what was counted cannot be told from what was scraped.
    else if (this.#coordinator.usesIncrements) role.serving.leader.handOver(this.#options.local.takeNow().increments);
  }
}
