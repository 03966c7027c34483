import type { Socket } from 'node:net';
import type { ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { reportFailure } from '../config/log.ts';
import { isAdditive } from '../metrics/addition.ts';
import type { Local } from '../metrics/local.ts';
import { turns } from '../metrics/turns.ts';
import { Lines } from './lines.ts';
import type { Hello, ToMember, ToOwner, Welcome } from './messages.ts';
import { parts } from './points.ts';
import type { Unscraped } from './unscraped.ts';

/** Milliseconds between what a member sends unasked: no more than that is lost with one that is killed. */
const INTERVAL = 250;

export interface MemberOptions {
  readonly hello: Hello;
  readonly local: Local;
  readonly unscraped: Unscraped;
  /** The owner that was told all of `unscraped`; another one has to be told. */
  readonly lastOwner: string | undefined;
  /** Told once the owner has gone. */
  readonly left: () => void;
}

/** A process whose metrics another one gives out. */
export class Member {
  readonly welcome: Welcome;
  readonly #lines: Lines;
  readonly #options: MemberOptions;
  readonly #timer: NodeJS.Timeout;
  readonly #scrapes = new Map<number, { pieces: Buffer[]; resolve(all: Buffer[]): void; reject(cause: Error): void }>();
  #scrape = 0;

  /** @returns why not, where the owner does not want it; undefined where the owner has gone in the meantime */
  static join(socket: Socket, options: MemberOptions): Promise<Member | string | undefined> {
    return new Promise((resolve) => {
      let member: Member | undefined;
      const lines = new Lines(
        socket,
        (message) => {
          const said = message as ToMember;
          if (member !== undefined) member.#hear(said);
          else if (said.welcome !== undefined) {
            member = new Member(lines, said.welcome, options);
            resolve(member);
          } else resolve(said.refused ?? 'its answer is not understood');
        },
        () => {
          resolve(undefined);
          if (member !== undefined) member.#end();
        },
      );
      lines.send({ hello: options.hello } satisfies ToOwner);
    });
  }

  private constructor(lines: Lines, welcome: Welcome, options: MemberOptions) {
    this.welcome = welcome;
    this.#lines = lines;
    this.#options = options;
    if (welcome.owner !== options.lastOwner) this.#add(options.unscraped.read());
    this.#timer = setInterval(() => this.#tell(options.local.requests), INTERVAL);
    this.#timer.unref();
  }

  /** The scrape, as the owner makes it. */
  scrape(): Promise<Buffer[]> {
    const number = ++this.#scrape;
    return new Promise((resolve, reject) => {
      this.#scrapes.set(number, { pieces: [], resolve, reject });
      this.#lines.send({ scrape: number } satisfies ToOwner);
    });
  }

  /** Says at once what there is still to say; for a process that is about to end. */
  last(): void {
    this.#tell(this.#options.local.last);
  }

  close(): void {
    this.#lines.close();
  }

  #hear(said: ToMember): void {
    if (said.collect !== undefined) {
      this.#answer(said.collect).catch((cause) =>
        reportFailure('give the metrics to the process that is scraped', cause),
      );
    } else if (said.kept) this.#options.unscraped.take();
    else if (said.scraped !== undefined) this.#options.unscraped.scraped(said.scraped);
    else if (said.text !== undefined) this.#read(said.text, said);
  }

  async #answer(question: number): Promise<void> {
    const { local, unscraped } = this.#options;
    const all = await local.collect();
    unscraped.add(all);
    unscraped.answered(question);
    const turn = turns();
    for (const [kind, wanted] of [
      ['add', true],
      ['state', false],
    ] as const) {
      for (const part of parts(only(all, wanted))) {
        this.#lines.send({ [kind]: part } satisfies ToOwner);
        await turn();
      }
    }
    this.#lines.send({ collected: question } satisfies ToOwner);
  }

  /** Nothing while the owner reads nothing: it stays where it is counted, instead of in a queue that grows. */
  #tell(take: () => ScopeMetrics[]): void {
    if (!this.#lines.ready) return;
    const added = only(take(), true);
    this.#options.unscraped.add(added);
    this.#add(added);
  }

  #add(increments: readonly ScopeMetrics[]): void {
    for (const part of parts(increments)) this.#lines.send({ add: part } satisfies ToOwner);
  }

  #read(number: number, { piece, failed }: ToMember): void {
    const scrape = this.#scrapes.get(number);
    if (scrape === undefined) return;
    if (piece !== undefined) return void scrape.pieces.push(Buffer.from(piece));
    this.#scrapes.delete(number);
    if (failed) scrape.reject(new Error(`process ${this.welcome.pid} could not make the scrape`));
    else scrape.resolve(scrape.pieces);
  }

  #end(): void {
    clearInterval(this.#timer);
    for (const { reject } of this.#scrapes.values()) reject(new Error(`process ${this.welcome.pid} has ended`));
    this.#scrapes.clear();
    this.#options.left();
  }
}

function only(scopes: readonly ScopeMetrics[], additive: boolean): ScopeMetrics[] {
  return scopes.map(({ scope, metrics }) => ({
    scope,
    metrics: metrics.filter((metric) => isAdditive(metric) === additive && metric.dataPoints.length > 0),
  }));
}
