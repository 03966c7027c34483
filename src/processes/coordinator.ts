import { clearTimeout, setTimeout } from 'node:timers';
import { setTimeout as pause } from 'node:timers/promises';
import { reportFailure } from '../base/guard.ts';
import { log } from '../base/log.ts';
import type { Aggregate } from '../metrics/aggregate.ts';
import type { ProcessMetrics } from '../metrics/process-metrics.ts';
import type { Vitals } from '../metrics/vitals.ts';
import { claimPort, type Listen, type ListeningServer } from './claim-port.ts';
import { Follower, type SentMark } from './follower.ts';
import type { GroupObserver } from './group-observer.ts';
import { PROTOCOL } from './handshake.ts';
import { IncrementLog } from './increment-log.ts';
import { Leader } from './leader.ts';
import { connectToLeader } from './leader-socket.ts';
import { PortNotice } from './port-notice.ts';
import { Rendezvous } from './rendezvous.ts';
import type { SocketPaths } from './socket-paths.ts';

/** Milliseconds until a process that was turned away, or has no port, tries again. */
const RETRY = 2_000;
/** A connection that ended sooner, in milliseconds, is not made again at once. */
const SHORT = 1_000;

export interface RoleOptions {
  /** Where the processes meet; undefined keeps this one for itself. */
  readonly place: SocketPaths | undefined;
  /** A digest of what must be alike for metrics to be merged. */
  readonly settings: string;
  /** This process, or this thread of one. */
  readonly pid: string;
  /** Of the metrics server; undefined where there is none, because the app answers the scrape. */
  readonly port: number | undefined;
  readonly bind: Listen;
  /** Told once why no port can be had. */
  readonly unable: (error: NodeJS.ErrnoException, port: number) => void;
  readonly local: ProcessMetrics;
  /** @param isShared whether there are, or were, other processes */
  readonly createMerged: (isShared: () => boolean) => Aggregate;
  /** The scrape, as this process makes it. */
  readonly scrape: () => Promise<readonly Buffer[]>;
  /** Of the live page; undefined where there is none. */
  readonly listener?: GroupObserver | undefined;
  readonly vitals?: Vitals | undefined;
}

/** The one that is scraped, or that at least nobody else is scraped for. */
interface OwnerRole {
  readonly owner: Leader;
  readonly merged: Aggregate;
  readonly bound: ListeningServer | undefined;
}
export type Role = OwnerRole | Follower;

/** Finds this process its role among those of its service, and another one when things change. */
export class Coordinator {
  /** Whether increments of this process have been given to anybody: its totals are then in a sum. */
  gave = false;
  readonly unscraped = new IncrementLog();
  readonly #options: RoleOptions;
  readonly #timers = new Set<NodeJS.Timeout>();
  #current: Role | undefined;
  #seeking: Promise<void> | undefined;
  #keeper: Rendezvous | undefined;
  /** The port to begin with: the one that is configured, or that the last owner had. */
  #port: number | undefined;
  readonly #sent: SentMark = { leader: undefined, number: 0 };
  #over = false;
  /** Ends every wait for a role: an owner that hangs lets nobody join, and still everybody may leave. */
  #endWaiting = () => {};
  readonly #whenOver = new Promise<void>((resolve) => {
    this.#endWaiting = resolve;
  });
  #saidUnable = false;
  /** Whether it ever had a role. */
  #hadOne = false;
  readonly #elsewhere = new PortNotice();

  constructor(options: RoleOptions) {
    this.#options = options;
    this.#port = options.port;
  }

  /** undefined while it is being found. */
  get current(): Role | undefined {
    return this.#current;
  }

  /** Where it stands now; waits while that is being found out. undefined once it has left. */
  async found(): Promise<Role | undefined> {
    while (this.#current === undefined && !this.#over) {
      await Promise.race([this.#seeking ?? this.#seek(), this.#whenOver]);
    }
    return this.#current;
  }

  /** Lets nobody find this process any more; at once. */
  hide(): void {
    this.#keeper?.close();
  }

  async leave(): Promise<void> {
    this.#over = true;
    this.#endWaiting();
    await this.#resign(false);
  }

  /** Sees to it that this process has a role; whoever waits for one waits for this. */
  #seek(): Promise<void> {
    this.#seeking ??= this.#find()
      .catch((cause) => {
        reportFailure('find a place among the processes of this service', cause);
        this.#lead(undefined);
        this.#later(RETRY, () => this.#tryAgain());
      })
      .finally(() => {
        this.#seeking = undefined;
      });
    return this.#seeking;
  }

  async #find(): Promise<void> {
    const { place, bind } = this.#options;
    let found = await this.#join();
    if (found === 'joined' || this.#over) return;
    if (this.#port === undefined) return this.#own(undefined);
    const taken = async (patience: number) => {
      const end = performance.now() + patience;
      while (found === 'nobody' && place !== undefined && performance.now() < end) {
        await pause(30, undefined, { ref: false });
        found = await this.#join();
      }
      return found === 'joined';
    };
    const bound = await claimPort(this.#port, bind, taken);
    if (bound === 'joined') return;
    if (this.#over) return void (bound instanceof Error || bound.close());
    if (bound instanceof Error) {
      if (!this.#saidUnable) this.#options.unable(bound, this.#port);
      this.#saidUnable = true;
      this.#lead(undefined);
      this.#later(RETRY, () => this.#tryAgain());
      return;
    }
    const isElsewhere = this.#port !== 0 && bound.port !== this.#port;
    if (found === 'refused') {
      this.#lead(bound);
      this.#later(RETRY, () => this.#tryAgain());
    } else await this.#own(bound);
    if (isElsewhere) this.#elsewhere.say(this.#port, bound.address, found, !this.#keeper?.isOpen);
  }

  /** Becomes a member, where there is an owner. */
  async #join(): Promise<'joined' | 'refused' | 'nobody'> {
    const { place, settings, pid, local, vitals } = this.#options;
    const socket = place && (await guarded(() => connectToLeader(place)));
    if (socket === undefined) return 'nobody';
    const since = performance.now();
    let joined: Follower | string | undefined;
    joined = await Follower.join(socket, {
      hello: { protocol: PROTOCOL, settings, pid },
      local,
      unacknowledged: this.unscraped,
      sent: this.#sent,
      hadRole: this.#hadOne,
      vitals,
      onWelcome() {},
    });
    if (joined === undefined) return 'nobody';
    if (typeof joined === 'string') {
      socket.destroy();
      return 'refused';
    }
    const follower = joined;
    follower.ended
      .then(async () => {
        if (this.#current === follower) await this.#left(performance.now() - since);
      })
      .catch((cause) => reportFailure('find another process to be scraped by', cause));
    if (this.#over) {
      joined.close();
      return 'nobody';
    }
    this.#current = joined;
    this.#hadOne = true;
    this.gave = true;
    this.#port = joined.welcome.port ?? this.#port;
    return 'joined';
  }

  /** The owner has gone. */
  async #left(after: number): Promise<void> {
    this.#current = undefined;
    if (this.#over) return;
    if (after < SHORT) await pause(SHORT / 2, undefined, { ref: false });
    const role = await this.found();
    if (role !== undefined && !(role instanceof Follower) && role.bound) {
      log.info(`the process that was scraped has ended; metrics are at ${role.bound.address} still, from this one`);
    }
  }

  /** Takes the metrics of all from now on. */
  async #own(bound: ListeningServer | undefined): Promise<void> {
    const { owner } = this.#lead(bound);
    const { place } = this.#options;
    if (place === undefined) return;
    this.#keeper = new Rendezvous({
      place,
      accept: (socket) => owner.accept(socket),
      // Who has the port that everybody begins with is the one.
      isSenior: bound !== undefined && bound.port === this.#port,
      unable: (why) => {
        this.#elsewhere.nowhere = why;
        log.debug(`other processes cannot find this one: ${why}`);
      },
      replaced: async () => {
        await this.#resign(true);
        await this.found();
      },
    });
    await this.#keeper.open();
  }

  #lead(bound: ListeningServer | undefined): OwnerRole {
    const { settings, pid, scrape, createMerged, listener } = this.#options;
    // What an earlier owner was told and nobody has seen is where this one begins.
    const merged: Aggregate = createMerged(() => owner.isShared);
    const remains = this.unscraped.take();
    merged.add(remains);
    const welcome = { pid, address: bound?.address, port: bound?.port };
    const owner: Leader = new Leader({ aggregate: merged, settings, welcome, scrape, observer: listener });
    owner.unacknowledged.add(remains);
    const role = { owner, merged, bound };
    this.#current = role;
    this.#hadOne = true;
    return role;
  }

  /** As one that was turned away, or has no port: perhaps there is a place now. */
  async #tryAgain(): Promise<void> {
    const role = this.#current;
    if (role === undefined || role instanceof Follower) return;
    if (role.bound !== undefined) {
      // Scraped where it is until it is wanted elsewhere; then it comes with all it has counted.
      this.unscraped.add(role.merged.read('delta'));
      const found = await this.#join();
      if (found === 'joined') return role.bound.close();
      this.unscraped.take();
      if (found === 'refused') return this.#later(RETRY, () => this.#tryAgain());
    }
    await this.#resign(true);
    await this.found();
  }

  /** @param handOver whether the next owner is to have what was counted here */
  async #resign(handOver: boolean): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    const role = this.#current;
    this.#current = undefined;
    this.#keeper?.close();
    this.#keeper = undefined;
    if (role instanceof Follower) return role.close();
    if (role === undefined) return;
    role.owner.close(handOver);
    if (handOver) this.unscraped.add(role.merged.read('delta'));
    await role.bound?.close();
  }

  #later(milliseconds: number, run: () => Promise<void>): void {
    if (this.#over) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run().catch((cause) => reportFailure('keep the processes of this service together', cause));
    }, milliseconds);
    this.#timers.add(timer.unref());
  }
}

/** Without permission for the folder there is nobody to be found. */
async function guarded<T>(run: () => Promise<T>): Promise<T | undefined> {
  try {
    return await run();
  } catch {
    return undefined;
  }
}
