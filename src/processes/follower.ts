import type { Socket } from 'node:net';
import { clearInterval, setInterval } from 'node:timers';
import type { ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { guard, reportFailure } from '../base/guard.ts';
import { createYielder } from '../base/yield.ts';
import { isAdditive } from '../metrics/otel/metric-identity.ts';
import type { ProcessMetrics } from '../metrics/process-metrics.ts';
import type { Vitals } from '../metrics/vitals.ts';
import type { IncrementLog } from './increment-log.ts';
import { JsonLines } from './json-lines.ts';
import type { Hello, ToFollower, ToLeader, Welcome } from './messages.ts';
import { encodeScopes, WireReader } from './wire-format.ts';

/** Milliseconds between what a member sends unasked: no more than that is lost with one that is killed. */
const INTERVAL = 250;

/** Milliseconds between what it says of how it does. */
const VITALS_INTERVAL = 5_000;

/** Longest time, in milliseconds, that an owner takes for a scrape, unless it is stopped. */
const LATE = 7_000;

/** Only the last owner's is kept: who has taken over has been told nothing. */
export interface ToldTo {
  owner: string | undefined;
  number: number;
}

export interface FollowerOptions {
  readonly hello: Hello;
  readonly local: ProcessMetrics;
  readonly unscraped: IncrementLog;
  /** Up to which number of `unscraped` each owner was told. */
  readonly toldTo: ToldTo;
  /** Whether this process has had another place before. */
  readonly again: boolean;
  /** For the live page; undefined where there is none. */
  readonly vitals: Vitals | undefined;
  /** Told once the owner has gone. */
  readonly left: () => void;
}

/** A process whose metrics another one gives out. */
export class Follower {
  readonly welcome: Welcome;
  readonly #lines: JsonLines;
  readonly #options: FollowerOptions;
  readonly #timers: NodeJS.Timeout[] = [];
  readonly #scrapes = new Map<number, { pieces: Buffer[]; resolve(all: Buffer[]): void; reject(cause: Error): void }>();
  readonly #reader = new WireReader();
  /** What the owner has left behind so far. */
  readonly #left: ScopeMetrics[] = [];
  #scrape = 0;
  /** Whether the owner has gone. */
  ended = false;
  /** What is still to be sent of an answer. */
  #rest: Iterable<ToLeader> | undefined;

  /** @returns why not, where the owner does not want it; undefined where the owner has gone in the meantime */
  static join(socket: Socket, options: FollowerOptions): Promise<Follower | string | undefined> {
    return new Promise((resolve) => {
      let member: Follower | undefined;
      const lines = new JsonLines(
        socket,
        (message) => {
          const said = message as ToFollower;
          if (member !== undefined) member.#hear(said);
          else if (said.welcome !== undefined) {
            member = new Follower(lines, said.welcome, options);
            resolve(member);
          } else resolve(said.refused ?? 'its answer is not understood');
        },
        () => {
          resolve(undefined);
          if (member !== undefined) member.#end();
        },
      );
      lines.send({ hello: options.hello } satisfies ToLeader);
    });
  }

  private constructor(lines: JsonLines, welcome: Welcome, options: FollowerOptions) {
    this.welcome = welcome;
    this.#lines = lines;
    this.#options = options;
    if (welcome.owner !== options.toldTo.owner) Object.assign(options.toldTo, { owner: welcome.owner, number: 0 });
    this.#sendAll(this.#additions(options.again));
    this.#every(INTERVAL, () => this.#tell(options.local.requests));
    const { vitals } = options;
    if (vitals)
      this.#every(VITALS_INTERVAL, () => lines.ready && lines.send({ lives: vitals.read() } satisfies ToLeader));
  }

  /** The scrape, as the owner makes it. */
  scrape(): Promise<Buffer[]> {
    const number = ++this.#scrape;
    return new Promise<Buffer[]>((resolve, reject) => {
      const late = () => reject(new Error(`process ${this.welcome.pid} does not answer`));
      const timer = setTimeout(late, LATE).unref();
      const settled =
        <T>(settle: (value: T) => void) =>
        (value: T) => {
          clearTimeout(timer);
          settle(value);
        };
      this.#scrapes.set(number, { pieces: [], resolve: settled(resolve), reject: settled(reject) });
      this.#lines.send({ scrape: number } satisfies ToLeader);
    }).finally(() => this.#scrapes.delete(number));
  }

  /** Says at once what there is still to say; for a process that is about to end. */
  last(): void {
    // An answer that others' turns have interrupted comes to its end now or never.
    this.#sendAll(this.#rest ?? []);
    this.#rest = undefined;
    this.#tell(this.#options.local.last);
  }

  close(): void {
    this.#lines.close();
  }

  #hear(said: ToFollower): void {
    if (said.collect !== undefined) {
      this.#answer(said.collect).catch((cause) =>
        reportFailure('give the metrics to the process that is scraped', cause),
      );
    } else if (said.kept !== undefined) this.#options.unscraped.scraped(said.kept);
    else if (said.scraped !== undefined) this.#options.unscraped.scraped(said.scraped);
    else if (said.left !== undefined) this.#left.push(this.#reader.read(said.left));
    else if (said.all) this.#options.unscraped.add(this.#left.splice(0));
    else if (said.text !== undefined) this.#read(said.text, said);
  }

  async #answer(question: number): Promise<void> {
    const { local, unscraped } = this.#options;
    try {
      const all = await local.collect();
      // Whoever is the owner by now is told of them: this one, or the next with all that is not scraped.
      unscraped.add(all.map(additive));
      if (this.ended) return;
      const turn = createYielder();
      this.#rest = this.#answerTo(all.map((scope) => only(scope, false)));
      for (const message of this.#rest) {
        this.#lines.send(message);
        await turn();
      }
    } finally {
      // Whatever could not be said: who is not answered asks no more, and nothing is told beside an answer.
      this.#rest = undefined;
      this.#lines.send({ collected: question } satisfies ToLeader);
    }
  }

  *#answerTo(states: readonly ScopeMetrics[]): Generator<ToLeader> {
    yield* this.#additions();
    for (const state of encodeScopes(states)) yield { state };
  }

  #every(milliseconds: number, tell: () => void): void {
    const guarded = () => guard('tell the process that is scraped', tell);
    this.#timers.push(setInterval(guarded, milliseconds).unref());
  }

  /** What the owner was not told yet. */
  *#additions(earlier = false): Generator<ToLeader> {
    const { unscraped, toldTo } = this.#options;
    const { last } = unscraped;
    if (last === toldTo.number) return;
    const given = unscraped.read(toldTo.number);
    toldTo.number = last;
    for (const add of encodeScopes(given)) yield { add };
    yield earlier ? { told: last, earlier } : { told: last };
  }

  /** Nothing while the owner reads nothing: it stays where it is counted, instead of in a queue that grows. */
  #tell(take: () => ScopeMetrics[]): void {
    if (!this.#lines.ready || this.#rest !== undefined) return;
    this.#options.unscraped.add(take().map(additive));
    this.#sendAll(this.#additions());
  }

  #sendAll(messages: Iterable<ToLeader>): void {
    for (const message of messages) this.#lines.send(message);
  }

  #read(number: number, { piece, failed }: ToFollower): void {
    const scrape = this.#scrapes.get(number);
    if (scrape === undefined) return;
    if (piece !== undefined) return void scrape.pieces.push(Buffer.from(piece));
    this.#scrapes.delete(number);
    if (failed) scrape.reject(new Error(`process ${this.welcome.pid} could not make the scrape`));
    else scrape.resolve(scrape.pieces);
  }

  #end(): void {
    this.ended = true;
    for (const timer of this.#timers) clearInterval(timer);
    for (const { reject } of this.#scrapes.values()) reject(new Error(`process ${this.welcome.pid} has ended`));
    this.#scrapes.clear();
    this.#options.left();
  }
}

/** What may be added, of what a process has counted. */
export const additive = (scope: ScopeMetrics): ScopeMetrics => only(scope, true);

function only({ scope, metrics }: ScopeMetrics, wanted: boolean): ScopeMetrics {
  return { scope, metrics: metrics.filter((metric) => isAdditive(metric) === wanted && metric.dataPoints.length > 0) };
}
