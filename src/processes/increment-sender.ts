import { createYielder, forEachInTurns } from '../base/yield.ts';
import type { Increments, States } from '../metrics/increments.ts';
import type { Kinds } from '../metrics/kinds.ts';
import type { ProcessMetrics } from '../metrics/process-metrics.ts';
import type { HelloMessage } from './handshake.ts';
import type { IncrementLog } from './increment-log.ts';
import type { JsonLines } from './json-lines.ts';
import type { FollowerMessage } from './messages.ts';
import { encodeStates, WireWriter } from './wire-format.ts';

export type ToLeader = JsonLines<HelloMessage | FollowerMessage>;

/** The last number of the log that was sent, and to which leader: a new leader was sent nothing yet. */
export interface SentMark {
  leader: string | undefined;
  number: number;
}

export interface IncrementSenderOptions {
  readonly local: ProcessMetrics;
  /** Increments of this process that no acknowledged scrape contains. */
  readonly unacknowledged: IncrementLog;
  readonly sent: SentMark;
  readonly kinds: Kinds;
}

/** Takes what this process counts into the log, and sends the leader what is new there. */
export class IncrementSender {
  readonly #lines: ToLeader;
  readonly #options: IncrementSenderOptions;
  readonly #writer: WireWriter;
  /** The part of our own series that is still to be taken and sent. */
  #restOfSeries: Iterator<Increments, void> | undefined;
  #isSendingSeries = false;
  /** The part of an answer to `collect` that is still to be sent. */
  #restOfAnswer: Iterable<FollowerMessage> | undefined;

  constructor(lines: ToLeader, leader: string, options: IncrementSenderOptions) {
    this.#lines = lines;
    this.#options = options;
    this.#writer = new WireWriter(options.kinds);
    const { sent } = options;
    if (leader !== sent.leader) Object.assign(sent, { leader, number: 0 });
  }

  /** Sends what is in the log already. @param isEarlier whether it was counted under an earlier leader */
  sendLog(isEarlier: boolean): void {
    this.#lines.sendAll(this.#unsentMessages(isEarlier));
  }

  /**
   * Sends what was counted in our own series since the last time, in turns of the event loop, each too short to be noticed.
   * While the leader reads nothing, this ends; the next call continues there, so that each series has its turn.
   */
  async sendSeries(): Promise<void> {
    if (this.#isSendingSeries) return;
    this.#isSendingSeries = true;
    try {
      const yieldToApp = createYielder();
      this.#restOfSeries ??= this.#options.local.takeSeries();
      while (this.#canSendNew) {
        const { done, value } = this.#restOfSeries.next();
        if (done) {
          this.#restOfSeries = undefined;
          return;
        }
        this.#keepAndSend(value);
        await yieldToApp();
      }
    } finally {
      this.#isSendingSeries = false;
    }
  }

  /** Sends everything that was counted since the last time, and all states. */
  async answer(collection: number): Promise<void> {
    try {
      // Into the log even if the connection is over: the next leader is then sent them.
      const states = await this.#options.local.takeAll((increments) => this.#keepAndSend(increments));
      if (!this.#lines.isOpen) return;
      this.#restOfAnswer = this.#answerWith(states);
      await forEachInTurns(this.#restOfAnswer, (message) => this.#lines.send(message));
    } finally {
      // Also after a failure: a leader that has no answer would not ask again.
      this.#restOfAnswer = undefined;
      this.#lines.send({ type: 'collected', collection });
    }
  }

  /** Synchronous, for a process that is about to exit: sends everything that is not sent yet. */
  flush(): void {
    this.#lines.sendAll(this.#restOfAnswer ?? []);
    this.#restOfAnswer = undefined;
    if (this.#canSendNew) this.#keepAndSend(this.#options.local.takeNow().increments);
  }

  *#answerWith(states: States): Generator<FollowerMessage> {
    yield* this.#unsentMessages(false);
    for (const part of encodeStates(states)) yield { type: 'state', part };
  }

  /** What is in the log and was not sent to this leader. */
  *#unsentMessages(isEarlier: boolean): Generator<FollowerMessage> {
    const { unacknowledged, sent } = this.#options;
    const { lastNumber } = unacknowledged;
    if (lastNumber === sent.number) return;
    const increments = unacknowledged.read(sent.number);
    sent.number = lastNumber;
    for (const part of this.#writer.increments(increments)) yield { type: 'increments', part };
    yield { type: 'commit', number: lastNumber, isEarlier };
  }

  /** While the leader reads nothing, the counts stay in the counters: a queue of messages would grow. */
  get #canSendNew(): boolean {
    return this.#lines.isDrained && this.#restOfAnswer === undefined;
  }

  #keepAndSend(increments: Increments): void {
    this.#options.unacknowledged.add(increments);
    if (this.#lines.isOpen) this.sendLog(false);
  }
}
