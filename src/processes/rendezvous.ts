import type { Socket } from 'node:net';
import { clearTimeout, setTimeout } from 'node:timers';
import { reportFailure } from '../base/guard.ts';
import { connectToLeader, type PublishedSocket, publishSocket } from './leader-socket.ts';
import type { SocketPaths } from './socket-paths.ts';

/** Milliseconds between two looks at whether the socket is still there, and until the first ones. */
const CHECK = 1_000;
const FIRST_CHECKS = [50, 300];

export interface RendezvousOptions {
  readonly place: SocketPaths;
  readonly accept: (socket: Socket) => void;
  /** Whether it puts its socket back over that of any other. */
  readonly isSenior: boolean;
  /** Told why there can be no socket, for now. */
  readonly unable: (why: string) => void;
  /** Told that another process's socket is there, which is the one from now on. */
  readonly replaced: () => Promise<void>;
}

/** Keeps the owner's socket where the others look for it: somebody may delete it, or put another one there. */
export class Rendezvous {
  readonly #options: RendezvousOptions;
  readonly #timers = new Set<NodeJS.Timeout>();
  #meeting: PublishedSocket | undefined;
  #checking: Promise<void> | undefined;
  #over = false;

  constructor(options: RendezvousOptions) {
    this.#options = options;
  }

  /** Whether others can find it. */
  get isOpen(): boolean {
    return this.#meeting !== undefined;
  }

  async open(): Promise<void> {
    await this.#publish();
    // Where no port tells who was first, several may have put theirs there at the same time.
    for (const after of FIRST_CHECKS) this.#later(after, () => this.#check());
    const often = () => {
      this.#check().finally(() => this.#later(CHECK, often));
    };
    this.#later(CHECK, often);
  }

  /** At once: also from a process that is about to end. */
  close(): void {
    this.#over = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#meeting?.close();
    this.#meeting = undefined;
  }

  async #publish(): Promise<void> {
    const { place, accept, unable } = this.#options;
    this.#meeting?.close();
    this.#meeting = undefined;
    try {
      const meeting = await publishSocket(place, accept);
      if (this.#over) meeting.close();
      else this.#meeting = meeting;
    } catch (cause) {
      unable((cause as Error).message);
    }
  }

  /** Never rejects. One at a time: another would take the socket that this one puts there for somebody else's. */
  #check(): Promise<void> {
    this.#checking ??= this.#look()
      .catch((cause) => reportFailure('keep the processes of this service together', cause))
      .finally(() => {
        this.#checking = undefined;
      });
    return this.#checking;
  }

  async #look(): Promise<void> {
    const { place, isSenior, replaced } = this.#options;
    if (this.#over || this.#meeting?.check() === 'ours') return;
    const other = isSenior ? undefined : await connectToLeader(place);
    if (this.#over) return void other?.destroy();
    if (other === undefined) return this.#publish();
    other.destroy();
    await replaced();
  }

  #later(milliseconds: number, run: () => void): void {
    if (this.#over) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      run();
    }, milliseconds);
    this.#timers.add(timer.unref());
  }
}
