import { clearTimeout, setTimeout } from 'node:timers';
import { setTimeout as pause } from 'node:timers/promises';
import type { ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { guard, log, reportFailure } from '../config/log.ts';
import type { Local } from '../metrics/local.ts';
import type { Merged } from '../metrics/merged.ts';
import { type Bind, type Bound, bindFrom } from './bind.ts';
import { additive, Member, type ToldTo } from './member.ts';
import { PROTOCOL } from './messages.ts';
import { Owner } from './owner.ts';
import type { Place } from './place.ts';
import { selfMetrics } from './self-metrics.ts';
import { findOwner, type Meeting, meet } from './socket.ts';
import { Unscraped } from './unscraped.ts';

/** Milliseconds between an owner's looks at whether its socket is still there; the first ones after it was put there. */
const CHECK = 1_000;
const FIRST_CHECKS = [50, 300];
/** Milliseconds until a process that was turned away, or has no port, tries again. */
const RETRY = 2_000;
/** A connection that ended sooner, in milliseconds, is not made again at once. */
const SHORT = 1_000;

export interface GroupOptions {
  /** Where the processes meet; undefined keeps this one for itself. */
  readonly place: Place | undefined;
  /** A digest of what must be alike for metrics to be merged. */
  readonly settings: string;
  /** This process, or this thread of one. */
  readonly pid: string;
  /** Of the metrics server; undefined where there is none, because the app answers the scrape. */
  readonly port: number | undefined;
  readonly bind: Bind;
  /** Told once why no port can be had. */
  readonly unable: (error: NodeJS.ErrnoException, port: number) => void;
  readonly local: Local;
  /** @param isShared whether there are, or were, other processes */
  readonly createMerged: (isShared: () => boolean) => Merged;
  /** The scrape, as this process makes it. */
  readonly scrape: () => Promise<readonly Buffer[]>;
}

/**
 * @property scrapedBy the process whose scrape has the metrics of this one
 * @property merged    whether that is another one
 * @property address   of its metrics server
 * @property others    merged here, if that is this one; `late` did not answer the last scrape in time
 */
export interface Standing {
  readonly scrapedBy: string;
  readonly merged: boolean;
  readonly address: string | undefined;
  readonly others: readonly { readonly pid: string; readonly late: boolean }[];
}

/** The one that is scraped, or that at least nobody else is scraped for. */
interface OwnerRole {
  readonly owner: Owner;
  readonly merged: Merged;
  readonly bound: Bound | undefined;
}
export type Role = OwnerRole | Member;

/**
 * The processes of one service on this machine, of which one is scraped for all. Who gets the metrics port is that one;
 * the others tell it what they count, and when it is gone, the first to get the port takes its place.
 */
export class Group {
  readonly #options: GroupOptions;
  readonly #unscraped = new Unscraped();
  readonly #timers = new Set<NodeJS.Timeout>();
  #role: Role | undefined;
  #seeking: Promise<void> | undefined;
  #checking: Promise<void> | undefined;
  #meeting: Meeting | undefined;
  /** The port to begin with: the one that is configured, or that the last owner had. */
  #port: number | undefined;
  readonly #toldTo: ToldTo = { owner: undefined, number: 0 };
  #over = false;
  /** Ends every wait for a role: an owner that hangs lets nobody join, and still everybody may leave. */
  #endWaiting = () => {};
  readonly #whenOver = new Promise<void>((resolve) => {
    this.#endWaiting = resolve;
  });
  #saidUnable = false;
  #saidElsewhere: string | undefined;
  /** Why there was no folder to meet in. */
  #nowhere: string | undefined;
  /** Whether increments of this process have been given to anybody: its totals are then in a sum. */
  #gave = false;

  constructor(options: GroupOptions) {
    this.#options = options;
    this.#port = options.port;
  }

  /** Finds this process its place; resolves once it has one. */
  async start(): Promise<Role | undefined> {
    // Before the app's own, which may end or throw.
    process.prependListener('exit', this.#onExit);
    return this.role();
  }

  /** Where it stands now; waits while that is being found out. undefined once it has left. */
  async role(): Promise<Role | undefined> {
    while (this.#role === undefined && !this.#over) {
      await Promise.race([this.#seeking ?? this.#seek(), this.#whenOver]);
    }
    return this.#role;
  }

  /** How it stands now; undefined while it is being found out. */
  status(): Standing | undefined {
    const role = this.#role;
    if (role === undefined) return undefined;
    if (role instanceof Member) {
      const { pid, address } = role.welcome;
      return { scrapedBy: pid, merged: true, address, others: [] };
    }
    return { scrapedBy: this.#options.pid, merged: false, address: role.bound?.address, others: role.owner.members };
  }

  /** The scrape, where another process makes it; undefined where this one does. */
  async relayed(): Promise<readonly Buffer[] | undefined> {
    for (let tries = 0; ; tries++) {
      const role = await this.role();
      if (!(role instanceof Member)) return undefined;
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
    const role = this.#role;
    if (role === undefined || role instanceof Member) throw new Error('another process is scraped');
    const { owner, merged } = role;
    // By itself it has nothing to add up, and most are.
    if (!owner.shared && !this.#gave) return this.#options.local.totals();
    this.#gave = true;
    const [own] = await Promise.all([this.#options.local.collect(), owner.collect()]);
    if (this.#role !== role) {
      this.#unscraped.add(own.map(additive));
      throw new Error('another process is scraped from now on');
    }
    merged.add(own);
    merged.setStates(this.#options, own);
    owner.unscraped.add(own.map(additive));
    owner.read();
    return [...merged.read(), ...selfMetrics(owner)];
  }

  /** A scrape was made of what was collected last. */
  scraped(): void {
    if (this.#role !== undefined && !(this.#role instanceof Member)) this.#role.owner.scraped();
  }

  async leave(): Promise<void> {
    this.#over = true;
    this.#endWaiting();
    process.off('exit', this.#onExit);
    this.#last();
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
    const bound = await bindFrom(this.#port, bind, taken);
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
    if (isElsewhere) this.#sayElsewhere(bound, found);
  }

  #sayElsewhere({ address }: Bound, found: 'refused' | 'nobody'): void {
    const nowhere = this.#meeting === undefined ? this.#nowhere : undefined;
    const why =
      found === 'refused'
        ? 'has the metrics of another process'
        : nowhere !== undefined
          ? 'is in use, and no folder can be used to find out whether by this service'
          : 'is in use by another program';
    const rest = `metrics at ${address} instead; OTEL_EXPORTER_PROMETHEUS_PORT sets a port of its own`;
    const shared = `port ${this.#port} ${why}: ${rest}`;
    const text = nowhere === undefined ? shared : `port ${this.#port} ${why} (${nowhere}): ${rest}`;
    if (text !== this.#saidElsewhere) log.warn(text, 'state', shared);
    this.#saidElsewhere = text;
  }

  /** Becomes a member, where there is an owner. */
  async #join(): Promise<'joined' | 'refused' | 'nobody'> {
    const { place, settings, pid, local } = this.#options;
    const socket = place && (await guarded(() => findOwner(place)));
    if (socket === undefined) return 'nobody';
    const since = performance.now();
    const joined = await Member.join(socket, {
      hello: { protocol: PROTOCOL, settings, pid },
      local,
      unscraped: this.#unscraped,
      toldTo: this.#toldTo,
      left: () => {
        this.#left(performance.now() - since).catch((cause) =>
          reportFailure('find another process to be scraped by', cause),
        );
      },
    });
    if (joined === undefined) return 'nobody';
    if (typeof joined === 'string') {
      socket.destroy();
      return 'refused';
    }
    if (this.#over) {
      joined.close();
      return 'nobody';
    }
    this.#role = joined;
    this.#gave = true;
    this.#port = joined.welcome.port ?? this.#port;
    return 'joined';
  }

  /** The owner has gone. */
  async #left(after: number): Promise<void> {
    this.#role = undefined;
    if (this.#over) return;
    if (after < SHORT) await pause(SHORT / 2, undefined, { ref: false });
    const role = await this.role();
    if (role !== undefined && !(role instanceof Member) && role.bound) {
      log.info(`the process that was scraped has ended; metrics are at ${role.bound.address} still, from this one`);
    }
  }

  /** Takes the metrics of all from now on. */
  async #own(bound: Bound | undefined): Promise<void> {
    this.#lead(bound);
    await this.#publish();
    // Without a port to tell who was first, several may have put theirs there at the same time.
    for (const after of FIRST_CHECKS) this.#later(after, () => this.#check());
    const role = this.#role;
    const checkOften = async () => {
      try {
        await this.#check();
      } finally {
        if (this.#role === role) this.#later(CHECK, checkOften);
      }
    };
    this.#later(CHECK, checkOften);
  }

  #lead(bound: Bound | undefined): void {
    const { settings, pid, scrape, createMerged } = this.#options;
    // What an earlier owner was told and nobody has seen is where this one begins.
    const merged: Merged = createMerged(() => owner.shared);
    const remains = this.#unscraped.take();
    merged.add(remains);
    const welcome = { pid, address: bound?.address, port: bound?.port };
    const owner: Owner = new Owner({ merged, settings, welcome, scrape });
    owner.unscraped.add(remains);
    this.#role = { owner, merged, bound };
  }

  async #publish(): Promise<void> {
    const { place } = this.#options;
    const role = this.#role;
    if (place === undefined || role === undefined || role instanceof Member) return;
    this.#meeting?.close();
    this.#meeting = undefined;
    try {
      const meeting = await meet(place, (socket) => role.owner.accept(socket));
      if (this.#over) return meeting.close();
      this.#meeting = meeting;
    } catch (cause) {
      this.#nowhere = (cause as Error).message;
      log.debug(`other processes cannot find this one: ${this.#nowhere}`);
    }
  }

  /** The socket may have been deleted, or another process's may be where it was. */
  #check(): Promise<void> {
    // One at a time: another would take the socket that this one puts there for somebody else's.
    this.#checking ??= this.#look().finally(() => {
      this.#checking = undefined;
    });
    return this.#checking;
  }

  async #look(): Promise<void> {
    const { place } = this.#options;
    const role = this.#role;
    if (place === undefined || role === undefined || role instanceof Member) return;
    if (this.#meeting?.check() === 'ours') return;
    // Who has the port that everybody begins with is the one.
    const isSenior = role.bound !== undefined && role.bound.port === this.#port;
    const other = isSenior ? undefined : await findOwner(place);
    if (other === undefined) return this.#publish();
    other.destroy();
    await this.#resign(true);
    await this.role();
  }

  /** As one that was turned away, or has no port: perhaps there is a place now. */
  async #tryAgain(): Promise<void> {
    const role = this.#role;
    if (role === undefined || role instanceof Member) return;
    if (role.bound !== undefined) {
      // Scraped where it is until it is wanted elsewhere; then it comes with all it has counted.
      this.#unscraped.add(role.merged.read('delta'));
      const found = await this.#join();
      if (found === 'joined') return role.bound.close();
      this.#unscraped.take();
      if (found === 'refused') return this.#later(RETRY, () => this.#tryAgain());
    }
    await this.#resign(true);
    await this.role();
  }

  /** @param handOver whether the next owner is to have what was counted here */
  async #resign(handOver: boolean): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    const role = this.#role;
    this.#role = undefined;
    this.#meeting?.close();
    this.#meeting = undefined;
    if (role instanceof Member) return role.close();
    if (role === undefined) return;
    role.owner.close(handOver);
    if (handOver) this.#unscraped.add(role.merged.read('delta'));
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

  readonly #onExit = (): void => {
    guard('say the last to the process that is scraped', () => {
      this.#last();
      this.#meeting?.close();
    });
  };

  /** Says at once what there is still to say. */
  #last(): void {
    if (this.#role instanceof Member) this.#role.last();
    // Until a scrape was made of increments, what it has counted and what was scraped of it cannot be told apart.
    else if (this.#gave) this.#role?.owner.bequeath(this.#options.local.last().map(additive));
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
