import type { Socket } from 'node:net';
import { guard, reportFailure } from '../base/guard.ts';
import { clearInterval, setInterval } from '../base/timers.ts';
import type { VitalsReader } from '../metrics/vitals.ts';
import { type Hello, type Refusal, readAnswer, type Welcome } from './handshake.ts';
import { IncrementSender, type IncrementSenderOptions, type ToLeader } from './increment-sender.ts';
import { JsonLines } from './json-lines.ts';
import { type LeaderMessage, rejectMessage } from './messages.ts';
import { RelayedScrapes } from './relayed-scrapes.ts';
import { WireReader } from './wire-reader.ts';

/** A process that is killed loses at most what it counted during this time. */
const SEND_INTERVAL_MS = 250;
const VITALS_INTERVAL_MS = 5_000;

export interface FollowerOptions extends IncrementSenderOptions {
  readonly hello: Hello;
  /** Whether this process had another role before: what is in the log was then not counted just now. */
  readonly hadRole: boolean;
  /** For the live page; undefined where there is none. */
  readonly vitals: VitalsReader | undefined;
  /** Called when the leader has accepted this process, before anything is sent to it. */
  readonly onWelcome: (welcome: Welcome) => void;
}

/** The hello of a process, and the leader's answer. */
export interface Introduction {
  /** @returns the reason, where the leader refuses this process; undefined where the leader is gone */
  readonly answer: Promise<Follower | Refusal | undefined>;
  /** Synchronous, for a process that is about to exit: sends everything now. A leader that refuses the process ignores it. */
  flush(): void;
}

/** A process whose metrics the leader serves: this end of their connection. */
export class Follower {
  readonly welcome: Welcome;
  /** Resolves once the connection is over. */
  readonly ended: Promise<void>;
  readonly #lines: ToLeader;
  readonly #options: FollowerOptions;
  readonly #sender: IncrementSender;
  readonly #scrapes: RelayedScrapes;
  /** Collects the backlog that the leader hands over. */
  readonly #reader: WireReader;
  readonly #timers: NodeJS.Timeout[] = [];
  #resolveEnded = () => {};

  static join(socket: Socket, options: FollowerOptions): Introduction {
    let follower: Follower | undefined;
    let isLeaving = false;
    let resolve: (answer: Follower | Refusal | undefined) => void = () => {};
    const lines: ToLeader = new JsonLines(
      socket,
      (message) => {
        if (follower !== undefined) return follower.#onMessage(message as LeaderMessage);
        if (isLeaving) return;
        const answer = readAnswer(message);
        if (answer.type === 'refused') return resolve(answer);
        options.onWelcome(answer.welcome);
        follower = new Follower(lines, answer.welcome, options);
        resolve(follower);
      },
      () => {
        resolve(undefined);
        if (follower !== undefined) follower.#onClose();
      },
    );
    lines.send({ type: 'hello', hello: options.hello });
    return {
      answer: new Promise((resolveAnswer) => {
        resolve = resolveAnswer;
      }),
      flush() {
        // It may have been accepted just now.
        if (follower !== undefined) return follower.flush();
        isLeaving = true;
        new IncrementSender(lines, 'unknown', options).flush();
        lines.end();
      },
    };
  }

  private constructor(lines: ToLeader, welcome: Welcome, options: FollowerOptions) {
    const { vitals, hadRole } = options;
    this.welcome = welcome;
    this.#lines = lines;
    this.#options = options;
    this.#reader = new WireReader(options.kinds);
    this.#sender = new IncrementSender(lines, welcome.leader, options);
    this.#scrapes = new RelayedScrapes(welcome.pid);
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
    this.#sender.sendLog(hadRole);
    this.#every(SEND_INTERVAL_MS, () => {
      this.#sender.sendSeries().catch((cause) => reportFailure('send to the process that serves the metrics', cause));
    });
    if (vitals === undefined) return;
    this.#every(VITALS_INTERVAL_MS, () => lines.isDrained && lines.send({ type: 'vitals', vitals: vitals.read() }));
  }

  /** The scrape, as the leader makes it. */
  scrape(scraper: string | undefined): Promise<Buffer[]> {
    return this.#scrapes.request((scrape) => this.#lines.send({ type: 'scrape', scrape, scraper }));
  }

  /** Synchronous, for a process that is about to exit: sends everything that is not sent yet. */
  flush(): void {
    this.#sender.flush();
  }

  close(): void {
    this.#lines.close();
  }

  #onMessage(message: LeaderMessage): void {
    const { unacknowledged } = this.#options;
    switch (message.type) {
      case 'collect':
        this.#sender
          .answer(message.collection)
          .catch((cause) => reportFailure('send the metrics to the process that serves them', cause));
        break;
      case 'acknowledged':
        unacknowledged.acknowledge(message.upTo, message.except);
        break;
      case 'backlog':
        this.#reader.addIncrements(message.part);
        break;
      case 'backlogEnd':
        unacknowledged.add(this.#reader.takeIncrements());
        break;
      case 'scrapePiece':
        this.#scrapes.addPiece(message.scrape, message.text);
        break;
      case 'scrapeEnd':
        this.#scrapes.end(message.scrape);
        break;
      case 'scrapeFailed':
        this.#scrapes.fail(message.scrape, 'could not make the scrape');
        break;
      default:
        rejectMessage(message);
    }
  }

  #onClose(): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#scrapes.failAll('exited');
    this.#resolveEnded();
  }

  #every(milliseconds: number, send: () => void): void {
    const guarded = () => guard('send to the process that serves the metrics', send);
    this.#timers.push(setInterval(guarded, milliseconds).unref());
  }
}
