import type { Aggregate } from '../metrics/aggregate.ts';
import type { Increments } from '../metrics/increments.ts';
import type { Kinds, RequestLabels } from '../metrics/kinds.ts';
import type { Source } from '../metrics/otel/gauge-merge.ts';
import type { GroupObserver } from './group-observer.ts';
import type { HelloAnswer } from './handshake.ts';
import { IncrementLog } from './increment-log.ts';
import type { JsonLines } from './json-lines.ts';
import { type FollowerMessage, type LeaderMessage, rejectMessage } from './messages.ts';
import type { Program } from './program.ts';
import type { Acknowledge, MakeScrape } from './scrape.ts';
import { WireWriter } from './wire-format.ts';
import { WireReader } from './wire-reader.ts';

export interface PeerOptions {
  readonly pid: string;
  readonly program: Program;
  /** When the process started, in milliseconds since 1970. */
  readonly started: number;
  readonly lines: JsonLines<HelloAnswer | LeaderMessage>;
  readonly aggregate: Aggregate;
  readonly observer: GroupObserver | undefined;
  /** Makes the scrape, where the follower was asked for it. */
  readonly scrape: MakeScrape;
  readonly kinds: Kinds;
}

/** A follower, seen from the leader: the leader's end of their connection. */
export class Peer implements Source {
  readonly pid: string;
  readonly program: Program;
  readonly started: number;
  /** Received, and not in an acknowledged scrape. As long as the follower lives, it sends these to the next leader. */
  readonly unacknowledged: IncrementLog;
  /** Whether it has answered once: everything that it had counted before is in the aggregate. */
  isMerged = false;
  readonly #options: PeerOptions;
  readonly #reader: WireReader;
  /** The collection that it has not answered yet. */
  #pendingCollection: number | undefined;
  #onAnswer = () => {};
  /** Numbers of the last commit received, and of the last that was acknowledged. */
  #received = 0;
  #acknowledged = 0;
  /** Whether the follower was told to keep some of what it was acknowledged. */
  #keepsSome = false;
  #isConnected = true;

  constructor(options: PeerOptions) {
    this.pid = options.pid;
    this.program = options.program;
    this.started = options.started;
    this.#options = options;
    this.#reader = new WireReader(options.kinds);
    this.unacknowledged = new IncrementLog(options.kinds);
  }

  /** Whether it has not answered the last collection. */
  get isLate(): boolean {
    return this.#pendingCollection !== undefined;
  }

  /** Asks for everything new. @returns resolves once the follower has answered, or is gone */
  collect(collection: number): Promise<void> {
    this.#pendingCollection = collection;
    return new Promise((resolve) => {
      this.#onAnswer = resolve;
      this.#options.lines.send({ type: 'collect', collection });
    });
  }

  /** @throws where the message is malformed */
  onMessage(message: FollowerMessage): void {
    switch (message.type) {
      case 'increments':
        this.#reader.addIncrements(message.part);
        break;
      case 'commit':
        this.#commit(message.number, message.isEarlier);
        break;
      case 'state':
        this.#reader.addState(message.part);
        break;
      case 'collected':
        this.#options.aggregate.setStates(this, this.#reader.takeStates());
        this.isMerged = true;
        this.#pendingCollection = undefined;
        this.#onAnswer();
        break;
      case 'vitals':
        this.#options.observer?.onVitals(this.pid, message.vitals);
        break;
      case 'scrape':
        void this.#sendScrape(message.scrape, message.scraper);
        break;
      default:
        rejectMessage(message);
    }
  }

  onClose(): void {
    this.#isConnected = false;
    this.#options.aggregate.removeStates(this);
    this.#options.observer?.onExit(this.pid);
    this.#onAnswer();
  }

  /** For a scrape that contains everything received so far. @returns to be called once a scraper has received it */
  prepareAcknowledge(): Acknowledge {
    const received = this.#received;
    const { lastNumber } = this.unacknowledged;
    return (except = []) => {
      this.unacknowledged.acknowledge(lastNumber, except);
      // A later scrape may have been acknowledged before. A stopped process reads nothing: do not fill its socket.
      if (received > this.#acknowledged || (received === this.#acknowledged && this.#keepsSome)) {
        this.#sendAcknowledged(received, except);
      }
    };
  }

  /** Hands over what the next leader begins with: this process is about to exit. */
  handOver(backlog: Increments): void {
    const { lines, kinds } = this.#options;
    const parts = Array.from(new WireWriter(kinds).increments(backlog), (part) => ({ type: 'backlog', part }) as const);
    lines.sendAll([...parts, { type: 'backlogEnd' }]);
  }

  /** @param passesOn whether this process passes on to the next leader what it has received */
  disconnect(passesOn: boolean): void {
    const { lines } = this.#options;
    // At once, because the connection ends here.
    if (passesOn && this.#isConnected) lines.send({ type: 'acknowledged', upTo: this.#received });
    lines.end();
  }

  /** A scrape must not contain a part of a commit: the next leader would count that part again. */
  #commit(number: number, isEarlier: boolean): void {
    const { aggregate, observer } = this.#options;
    const increments = this.#reader.takeIncrements();
    aggregate.add(increments, isEarlier);
    this.unacknowledged.add(increments);
    this.#received = number;
    if (!isEarlier) observer?.onIncrements(this.pid, increments);
  }

  #sendAcknowledged(upTo: number, except: readonly RequestLabels[]): void {
    if (!this.#isConnected) return;
    this.#acknowledged = upTo;
    this.#keepsSome = except.length > 0;
    this.#options.lines.send({ type: 'acknowledged', upTo, ...(except.length > 0 && { except }) });
  }

  async #sendScrape(scrape: number, scraper: unknown): Promise<void> {
    const { lines } = this.#options;
    try {
      const { pieces, acknowledge } = await this.#options.scrape(typeof scraper === 'string' ? scraper : undefined);
      for (const piece of pieces) lines.send({ type: 'scrapePiece', scrape, text: piece.toString() });
      lines.send({ type: 'scrapeEnd', scrape });
      acknowledge();
    } catch {
      lines.send({ type: 'scrapeFailed', scrape });
    }
  }
}
