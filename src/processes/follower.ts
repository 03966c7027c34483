import type { Socket } from 'node:net';
import { clearInterval, setInterval } from 'node:timers';
import type { ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { guard, reportFailure } from '../base/guard.ts';
import { createYielder } from '../base/yield.ts';
import type { ProcessMetrics } from '../metrics/process-metrics.ts';
import type { Vitals } from '../metrics/vitals.ts';
import { type Hello, type HelloMessage, readAnswer, type Welcome } from './handshake.ts';
import type { IncrementLog } from './increment-log.ts';
import { incrementsOf, type States, statesOf } from './increments.ts';
import { JsonLines } from './json-lines.ts';
import { type FollowerMessage, type LeaderMessage, rejectMessage } from './messages.ts';
import { RelayedScrapes } from './relayed-scrapes.ts';
import { encodeIncrements, encodeStates } from './wire-format.ts';
import { WireReader } from './wire-reader.ts';

/** A process that is killed loses at most what it counted during this time. */
const SEND_INTERVAL_MS = 250;
const VITALS_INTERVAL_MS = 5_000;

/** The last number of the log that was sent, and to which leader: a new leader was sent nothing yet. */
export interface SentMark {
  leader: string | undefined;
  number: number;
}

export interface FollowerOptions {
  readonly hello: Hello;
  readonly local: ProcessMetrics;
  readonly unacknowledged: IncrementLog;
  readonly sent: SentMark;
  /** Whether this process had another role before: what it counted is then not just counted. */
  readonly hadRole: boolean;
  /** For the live page; undefined where there is none. */
  readonly vitals: Vitals | undefined;
  /** Called when the leader has accepted this process, before anything is sent to it. */
  readonly onWelcome: (welcome: Welcome) => void;
}

type ToLeader = JsonLines<HelloMessage | FollowerMessage>;

/** A process whose metrics the leader serves: this end of their connection. */
export class Follower {
  readonly welcome: Welcome;
  /** Resolves once the connection is over. */
  readonly ended: Promise<void>;
  readonly #lines: ToLeader;
  readonly #options: FollowerOptions;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #scrapes: RelayedScrapes;
  /** Collects the backlog that the leader hands over. */
  readonly #reader = new WireReader();
  /** The part of an answer to `collect` that is still to be sent. */
  #restOfAnswer: Iterable<FollowerMessage> | undefined;
  #hasEnded = false;
  #resolveEnded = () => {};

  /** @returns the reason, where the leader refuses this process; undefined where the leader is gone */
  static join(socket: Socket, options: FollowerOptions): Promise<Follower | string | undefined> {
    return new Promise((resolve) => {
      let follower: Follower | undefined;
      const lines: ToLeader = new JsonLines(
        socket,
        (message) => {
          if (follower !== undefined) return follower.#onMessage(message as LeaderMessage);
          const answer = readAnswer(message);
          if (answer.type === 'refused') return resolve(answer.refused);
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
    });
  }

  private constructor(lines: ToLeader, welcome: Welcome, options: FollowerOptions) {
    this.welcome = welcome;
    this.#lines = lines;
    this.#options = options;
    this.#scrapes = new RelayedScrapes(welcome.pid);
    this.ended = new Promise((resolve) => {
      this.#resolveEnded = resolve;
    });
    const { sent, vitals, local, hadRole } = options;
    if (welcome.leader !== sent.leader) Object.assign(sent, { leader: welcome.leader, number: 0 });
    this.#sendAll(this.#unsent(hadRole));
    this.#every(SEND_INTERVAL_MS, () => this.#sendNew(local.requests));
    if (vitals === undefined) return;
    this.#every(VITALS_INTERVAL_MS, () => lines.isDrained && lines.send({ type: 'vitals', vitals: vitals.read() }));
  }

  /** The scrape, as the leader makes it. */
  scrape(): Promise<Buffer[]> {
    return this.#scrapes.request((scrape) => this.#lines.send({ type: 'scrape', scrape }));
  }

  /** Sends at once everything that is not sent yet: this process is about to exit. */
  flush(): void {
    this.#sendAll(this.#restOfAnswer ?? []);
    this.#restOfAnswer = undefined;
    this.#sendNew(this.#options.local.last);
  }

  close(): void {
    this.#lines.close();
  }

  #onMessage(message: LeaderMessage): void {
    const { unacknowledged } = this.#options;
    switch (message.type) {
      case 'collect':
        this.#answer(message.collection).catch((cause) =>
          reportFailure('send the metrics to the process that serves them', cause),
        );
        break;
      case 'acknowledged':
        unacknowledged.acknowledge(message.upTo);
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

  async #answer(collection: number): Promise<void> {
    try {
      const collected = await this.#options.local.collect();
      // Into the log even if the connection is over: the next leader is then sent them.
      this.#options.unacknowledged.add(incrementsOf(collected));
      if (this.#hasEnded) return;
      const yieldToApp = createYielder();
      this.#restOfAnswer = this.#answerWith(statesOf(collected));
      for (const message of this.#restOfAnswer) {
        this.#lines.send(message);
        await yieldToApp();
      }
    } finally {
      // Also after a failure: a leader that has no answer would not ask again.
      this.#restOfAnswer = undefined;
      this.#lines.send({ type: 'collected', collection });
    }
  }

  *#answerWith(states: States): Generator<FollowerMessage> {
    yield* this.#unsent(false);
    for (const part of encodeStates(states)) yield { type: 'state', part };
  }

  /** What is in the log and was not sent to this leader. */
  *#unsent(isEarlier: boolean): Generator<FollowerMessage> {
    const { unacknowledged, sent } = this.#options;
    const { lastNumber } = unacknowledged;
    if (lastNumber === sent.number) return;
    const increments = unacknowledged.read(sent.number);
    sent.number = lastNumber;
    for (const part of encodeIncrements(increments)) yield { type: 'increments', part };
    yield { type: 'commit', number: lastNumber, isEarlier };
  }

  /**
   * Takes and sends what was counted since the last time. While the leader reads nothing, the counts stay in the
   * counters: a queue of messages would grow.
   */
  #sendNew(take: () => ScopeMetrics[]): void {
    if (!this.#lines.isDrained || this.#restOfAnswer !== undefined) return;
    this.#options.unacknowledged.add(incrementsOf(take()));
    this.#sendAll(this.#unsent(false));
  }

  #sendAll(messages: Iterable<FollowerMessage>): void {
    for (const message of messages) this.#lines.send(message);
  }

  #every(milliseconds: number, send: () => void): void {
    const guarded = () => guard('send to the process that serves the metrics', send);
    this.#timers.push(setInterval(guarded, milliseconds).unref());
  }

  #onClose(): void {
    this.#hasEnded = true;
    for (const timer of this.#timers) clearInterval(timer);
    this.#scrapes.failAll('has ended');
    this.#resolveEnded();
  }
}
