import { reportFailure } from '../base/guard.ts';
import { log } from '../base/log.ts';
import { pause } from '../base/timers.ts';
import type { GroupOptions } from './group-options.ts';
import { IncrementLog } from './increment-log.ts';
import { RoleSearch } from './role-search.ts';
import type { Role } from './roles.ts';

/** After a connection shorter than this, wait before the next one: a leader may fail again and again. */
const SHORT_CONNECTION_MS = 1_000;
const SHORT_CONNECTION_PAUSE_MS = 500;

/** Supervises the role of this process: find one; wait until it ends; release it; begin again. */
export class Coordinator {
  /** Whether increments were taken from the counters. From then on the totals of this process are in a sum. */
  usesIncrements = false;
  /** Increments of this process that no acknowledged scrape contains. */
  readonly unacknowledged: IncrementLog;
  readonly #search: RoleSearch;
  readonly #waiting = new Set<() => void>();
  #current: Role | undefined;

  constructor(options: GroupOptions) {
    this.unacknowledged = new IncrementLog(options.kinds);
    this.#search = new RoleSearch(options, this.unacknowledged, () => this.#onWelcome());
  }

  /** undefined while this process looks for its role, and once it has left. */
  get current(): Role | undefined {
    return this.#current;
  }

  /** The role of this process; waits while it looks for one. undefined once it has left. */
  found(): Promise<Role | undefined> {
    return new Promise((resolve) => {
      const check = () => resolve(this.#current);
      if (this.#current !== undefined || this.#search.isStopped) check();
      else this.#waiting.add(check);
    });
  }

  /** Runs until this process leaves; the promise of a role that does not end stays pending then. */
  async supervise(): Promise<void> {
    let role = await this.#search.find();
    while (role !== undefined && !this.#search.isStopped) {
      this.#enter(role);
      const next: Role | undefined = await this.#untilEnded(role);
      const found: Role | undefined = next ?? (await this.#search.find());
      if (!this.#search.isStopped) logMove(role, found);
      role = found;
    }
    // It was found after this process had left.
    await role?.release(false);
  }

  /** Ends every wait for a role at once: also while a leader that hangs lets no process join. */
  async leave(): Promise<void> {
    const role = this.#current;
    this.#search.stop();
    this.#enter(undefined);
    await role?.release(false);
  }

  /** Synchronous, for a process that is about to exit while it looks for its role. */
  flushSearch(): void {
    this.#search.flush();
  }

  /** Synchronous, for a process that is about to exit: no process finds this one any more. */
  hide(): void {
    if (this.#current?.kind === 'leader') this.#current.rendezvous.close();
  }

  #enter(role: Role | undefined): void {
    this.#current = role;
    this.#search.setHadRole();
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }

  /** Waits until the role has ended, and releases it. @returns the next role, where it is known already */
  async #untilEnded(role: Role): Promise<Role | undefined> {
    try {
      const next = await role.ended;
      // Then `leave` has released the role.
      if (this.#search.isStopped) return next;
      this.#current = next;
      await role.release(true);
      if (role.kind === 'follower' && performance.now() - role.connectedAt < SHORT_CONNECTION_MS) {
        await pause(SHORT_CONNECTION_PAUSE_MS, undefined, { ref: false });
      }
      return next;
    } catch (cause) {
      reportFailure('switch between serving and following', cause);
      this.#current = undefined;
      return undefined;
    }
  }

  /** What is counted from now on belongs to the follower: a process that served adds nothing to its own sum any more. */
  #onWelcome(): void {
    if (this.#current !== undefined && this.#current.kind !== 'follower') this.#current.serving.moveToLog();
    this.#current = undefined;
    this.usesIncrements = true;
  }
}

function logMove(from: Role, to: Role | undefined): void {
  if (to === undefined || to.kind === 'follower' || to.serving.server === undefined) return;
  const { address } = to.serving.server;
  if (from.kind === 'follower') log.info(`the process serving metrics exited; this process now serves ${address}`);
  else if (from.serving.server?.address !== address) log.info(`this process now serves ${address}`);
}
