import type { ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { guard } from '../base/guard.ts';
import { Coordinator, type RoleOptions } from './coordinator.ts';
import { Follower } from './follower.ts';
import { incrementsOf } from './increments.ts';
import { selfMetrics } from './self-metrics.ts';

/**
 * @property scrapedBy the process whose scrape has the metrics of this one
 * @property merged    whether that is another one
 * @property address   of its metrics server
 * @property others    merged here, if that is this one; `late` did not answer the last scrape in time
 */
export interface GroupStatus {
  readonly scrapedBy: string;
  readonly merged: boolean;
  readonly address: string | undefined;
  readonly others: readonly { readonly pid: string; readonly late: boolean }[];
}

/**
 * The processes of one service on this machine, of which one is scraped for all. Who gets the metrics port is that one;
 * the others tell it what they count, and when it is gone, the first to get the port takes its place.
 */
export class ProcessGroup {
  readonly #options: RoleOptions;
  readonly #roles: Coordinator;
  #given = () => {};

  constructor(options: RoleOptions) {
    this.#options = options;
    this.#roles = new Coordinator(options);
  }

  /** Finds this process its place; resolves once it has one. */
  async start(): Promise<void> {
    // Before the app's own, which may end or throw.
    process.prependListener('exit', this.#onExit);
    await this.#roles.found();
  }

  /** How it stands now; undefined while it is being found out. */
  status(): GroupStatus | undefined {
    const role = this.#roles.current;
    if (role === undefined) return undefined;
    if (role instanceof Follower) {
      const { pid, address } = role.welcome;
      return { scrapedBy: pid, merged: true, address, others: [] };
    }
    return { scrapedBy: this.#options.pid, merged: false, address: role.bound?.address, others: role.owner.followers };
  }

  /** Whether this is the process that is scraped. */
  get isScraped(): boolean {
    return this.#roles.current !== undefined && !(this.#roles.current instanceof Follower);
  }

  /** The scrape, where another process makes it; undefined where this one does. */
  async relayed(): Promise<readonly Buffer[] | undefined> {
    for (let tries = 0; ; tries++) {
      const role = await this.#roles.found();
      if (!(role instanceof Follower)) return undefined;
      try {
        return await role.scrape();
      } catch (cause) {
        // It ended in the middle; whoever takes over can make it.
        if (tries === 2) throw cause;
      }
    }
  }

  /** What all of them have counted. */
  async collect(): Promise<ScopeMetrics[]> {
    const role = this.#roles.current;
    if (role === undefined || role instanceof Follower) throw new Error('another process is scraped');
    const { owner, merged } = role;
    // By itself it has nothing to add up, and most are.
    this.#given = () => {};
    if (!owner.isShared && !this.#roles.gave) return this.#options.local.totals();
    this.#roles.gave = true;
    const collected = this.#options.local.collect().then((own) => {
      // At once: it is counted nowhere else any more, and this process may end while the others are waited for.
      owner.unacknowledged.add(incrementsOf(own));
      return own;
    });
    const [own] = await Promise.all([collected, owner.collect()]);
    if (this.#roles.current !== role) {
      this.#roles.unscraped.add(incrementsOf(own));
      throw new Error('another process is scraped from now on');
    }
    merged.add(own);
    merged.setStates(this.#options, own);
    this.#given = owner.prepareAcknowledge();
    return [...merged.read(), ...selfMetrics(owner)];
  }

  /** To be told once somebody has been given the scrape that was made of what was collected last. */
  get given(): () => void {
    return this.#given;
  }

  async leave(): Promise<void> {
    process.off('exit', this.#onExit);
    this.#last();
    await this.#roles.leave();
  }

  readonly #onExit = (): void => {
    guard('say the last to the process that is scraped', () => {
      this.#last();
      this.#roles.hide();
    });
  };

  /** Says at once what there is still to say. */
  #last(): void {
    if (this.#roles.current instanceof Follower) this.#roles.current.flush();
    // Until a scrape was made of increments, what it has counted and what was scraped of it cannot be told apart.
    else if (this.#roles.gave) this.#roles.current?.owner.handOver(incrementsOf(this.#options.local.last()));
  }
}
