import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { isoTime } from '../base/iso-time.ts';
import { log } from '../base/log.ts';
import { clearTimeout, setTimeout } from '../base/timers.ts';
import type { Aggregate } from '../metrics/aggregate.ts';
import type { Increments } from '../metrics/increments.ts';
import type { Kinds } from '../metrics/kinds.ts';
import type { ApmSnapshot } from '../snapshot.ts';
import { Backlog } from './backlog.ts';
import type { GroupObserver } from './group-observer.ts';
import { type Hello, type HelloAnswer, readHello, refuse, STARTED, type Welcome } from './handshake.ts';
import { JsonLines } from './json-lines.ts';
import type { FollowerMessage, LeaderMessage } from './messages.ts';
import { Peer } from './peer.ts';
import type { Acknowledge, MakeScrape } from './scrape.ts';

/** How long a scrape waits for the other processes. */
const COLLECT_TIMEOUT_MS = 900;
/** A connection that sends no hello is closed after this time. */
const HELLO_TIMEOUT_MS = 10_000;

type ToFollower = JsonLines<HelloAnswer | LeaderMessage>;

export interface LeaderOptions {
  readonly aggregate: Aggregate;
  /** What this process says of itself: followers must be of the same program, with the same settings. */
  readonly hello: Required<Hello>;
  readonly welcome: Omit<Welcome, 'leader'>;
  /** Makes the scrape, for followers that were asked for it. */
  readonly scrape: MakeScrape;
  readonly kinds: Kinds;
  readonly observer: GroupObserver | undefined;
}

/** The process that serves the metrics of all: it adds up what the followers send. */
export class Leader {
  readonly id = randomUUID();
  /** Whether there ever was another process. */
  isShared = false;
  /** How often a process did not answer a scrape in time. */
  lateAnswers = 0;
  readonly backlog: Backlog;
  readonly #peers = new Set<Peer>();
  readonly #options: LeaderOptions;
  #lastCollection = 0;
  #hasRefused = false;

  constructor(options: LeaderOptions) {
    this.#options = options;
    this.backlog = new Backlog(options.kinds);
  }

  /** The followers; `late` ones have not answered the last scrape. */
  get followers(): { pid: string; late: boolean }[] {
    return Array.from(this.#peers, ({ pid, isLate }) => ({ pid, late: isLate }));
  }

  /** All processes, this one first. */
  get processes(): ApmSnapshot['processes'] {
    const all = [{ pid: this.#options.hello.pid, started: STARTED }, ...this.#peers];
    return all.map(({ pid, started }) => ({ pid, started: isoTime(started) }));
  }

  /** Number of followers whose counts are in the aggregate. */
  get mergedFollowers(): number {
    return Array.from(this.#peers).filter(({ isMerged }) => isMerged).length;
  }

  accept(socket: Socket): void {
    let peer: Peer | undefined;
    socket.setTimeout(HELLO_TIMEOUT_MS, () => socket.destroy());
    const lines: ToFollower = new JsonLines(
      socket,
      (message) => {
        if (peer !== undefined) return peer.onMessage(message as FollowerMessage);
        peer = this.#answerHello(lines, message);
        if (peer !== undefined) socket.setTimeout(0);
      },
      (error) => {
        if (error !== undefined) {
          // Only for debugging, and escaped: the error may quote untrusted input.
          log.debug(`message of another process: ${JSON.stringify(error.message)}`);
          this.#logRefusal(peer?.pid, 'it sent a malformed message');
        }
        if (peer === undefined) return;
        this.#peers.delete(peer);
        this.backlog.addDeparted(peer.unacknowledged);
        peer.onClose();
      },
    );
  }

  /** Asks every follower for what is new. Without an answer in time, the scrape contains what it sent until then. */
  async collect(): Promise<void> {
    const collection = ++this.#lastCollection;
    // A follower that has not answered the last collection is not waited for again.
    const asked = [...this.#peers].filter(({ isLate }) => !isLate);
    if (asked.length > 0) await withTimeout(Promise.all(asked.map((peer) => peer.collect(collection))));
    for (const { isLate } of this.#peers) if (isLate) this.lateAnswers++;
  }

  /** For a scrape that contains everything received so far. @returns to be called once a scraper has received it */
  prepareAcknowledge(): Acknowledge {
    // The followers first: one that has left meanwhile has its log in the backlog.
    const acknowledgements = [...this.#peers, this.backlog].map((each) => each.prepareAcknowledge());
    return (except) => {
      for (const acknowledge of acknowledgements) acknowledge(except);
    };
  }

  /**
   * Hands over to a successor, at once, what the next leader begins with: this process is about to exit. The youngest
   * follower will probably live longest.
   */
  handOver(own: Increments): void {
    const successor = [...this.#peers].at(-1);
    if (successor === undefined) return;
    this.backlog.add(own);
    successor.handOver(this.backlog.read());
  }

  /** @param passesOn whether this process passes on to the next leader what the followers have sent */
  close(passesOn: boolean): void {
    for (const peer of this.#peers) peer.disconnect(passesOn);
  }

  #answerHello(lines: ToFollower, message: unknown): Peer | undefined {
    const { hello: own, welcome, ...options } = this.#options;
    const hello = readHello(message);
    const { pid, program, started } = hello;
    const refusal = refuse(
      hello,
      own,
      Array.from(this.#peers, (peer) => peer.program),
    );
    if (refusal !== undefined || program === undefined || started === undefined) {
      this.#logRefusal(pid, refusal?.refused ?? 'it sent no program');
      if (refusal !== undefined) lines.send({ type: 'refused', ...refusal });
      lines.end();
      return undefined;
    }
    const peer = new Peer({ pid, program, started, lines, ...options });
    this.#peers.add(peer);
    this.isShared = true;
    lines.send({ type: 'welcome', welcome: { ...welcome, leader: this.id } });
    return peer;
  }

  /** Once: a refused process tries again every two seconds. */
  #logRefusal(pid: string | undefined, reason: string): void {
    if (!this.#hasRefused) log.warn(`process ${pid ?? '?'} is not merged into these metrics: ${reason}`, 'state');
    this.#hasRefused = true;
  }
}

async function withTimeout(answers: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, COLLECT_TIMEOUT_MS);
    timer.unref();
  });
  await Promise.race([answers, timeout]);
  clearTimeout(timer);
}
