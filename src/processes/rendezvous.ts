import type { Socket } from 'node:net';
import { reportFailure } from '../base/guard.ts';
import { log } from '../base/log.ts';
import { clearTimeout, setTimeout } from '../base/timers.ts';
import { connectToLeader, type PublishedSocket, publishSocket } from './leader-socket.ts';
import type { SocketPaths } from './socket-paths.ts';

const CHECK_INTERVAL_MS = 1_000;
/** Without a port that decides who is first, several processes may publish at the same time: check soon. */
const FIRST_CHECKS_MS = [50, 300];

export interface RendezvousOptions {
  readonly socketPaths: SocketPaths;
  readonly accept: (socket: Socket) => void;
  /** Whether this leader replaces the socket of any other. Otherwise it gives way to another leader that answers. */
  readonly isSenior: boolean;
}

/** Keeps the leader's socket where the others look for it: anybody may delete it, or put another one there. */
export class Rendezvous {
  /** Resolves when another leader's socket is there and this one gives way. */
  readonly replaced: Promise<void>;
  /** Why the socket cannot be published at the moment. */
  failure: string | undefined;
  readonly #options: RendezvousOptions;
  readonly #timers = new Set<NodeJS.Timeout>();
  #socket: PublishedSocket | undefined;
  #checking: Promise<void> | undefined;
  #isClosed = false;
  #resolveReplaced = () => {};

  constructor(options: RendezvousOptions) {
    this.#options = options;
    this.replaced = new Promise((resolve) => {
      this.#resolveReplaced = resolve;
    });
  }

  async open(): Promise<void> {
    await this.#publish();
    for (const milliseconds of FIRST_CHECKS_MS) this.#schedule(milliseconds, () => this.#check());
    const checkAgain = () => {
      this.#check().finally(() => this.#schedule(CHECK_INTERVAL_MS, checkAgain));
    };
    this.#schedule(CHECK_INTERVAL_MS, checkAgain);
  }

  /** Synchronous: also for a process that is about to exit. */
  close(): void {
    this.#isClosed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#socket?.close();
    this.#socket = undefined;
  }

  async #publish(): Promise<void> {
    const { socketPaths, accept } = this.#options;
    this.#socket?.close();
    this.#socket = undefined;
    try {
      const socket = await publishSocket(socketPaths, accept);
      this.failure = undefined;
      if (this.#isClosed) socket.close();
      else this.#socket = socket;
    } catch (cause) {
      this.failure = (cause as Error).message;
      log.debug(`other processes cannot find this one: ${this.failure}`);
    }
  }

  /** Never rejects. One check at a time: a second one would mistake the socket that the first publishes for another's. */
  #check(): Promise<void> {
    this.#checking ??= this.#checkNow()
      .catch((cause) => reportFailure('keep the socket at which other processes find this one', cause))
      .finally(() => {
        this.#checking = undefined;
      });
    return this.#checking;
  }

  async #checkNow(): Promise<void> {
    const { socketPaths, isSenior } = this.#options;
    if (this.#isClosed) return;
    const paths = this.#socket === undefined ? socketPaths.paths : this.#socket.lostPaths();
    if (paths.length === 0) return;
    // Not at the other paths: this process itself answers there.
    const otherLeader = isSenior ? undefined : await connectToLeader({ ...socketPaths, paths });
    otherLeader?.destroy();
    if (this.#isClosed) return;
    if (otherLeader === undefined) await this.#publish();
    else this.#resolveReplaced();
  }

  #schedule(milliseconds: number, run: () => void): void {
    if (this.#isClosed) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, milliseconds);
    this.#timers.add(timer.unref());
  }
}
