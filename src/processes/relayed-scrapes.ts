import { clearTimeout, setTimeout } from '../base/timers.ts';

/** A leader that is not stopped answers a scrape sooner. */
const SCRAPE_TIMEOUT_MS = 7_000;

interface PendingScrape {
  readonly pieces: Buffer[];
  resolve(pieces: Buffer[]): void;
  reject(cause: Error): void;
}

/** The scrapes that a follower has asked its leader for. */
export class RelayedScrapes {
  readonly #leaderPid: string;
  readonly #pending = new Map<number, PendingScrape>();
  #lastNumber = 0;

  constructor(leaderPid: string) {
    this.#leaderPid = leaderPid;
  }

  /** @param ask sends the leader the number of the scrape */
  request(ask: (scrape: number) => void): Promise<Buffer[]> {
    const number = ++this.#lastNumber;
    let timer: NodeJS.Timeout | undefined;
    return new Promise<Buffer[]>((resolve, reject) => {
      this.#pending.set(number, { pieces: [], resolve, reject });
      timer = setTimeout(() => this.fail(number, 'did not answer in time'), SCRAPE_TIMEOUT_MS).unref();
      ask(number);
    }).finally(() => clearTimeout(timer));
  }

  addPiece(number: number, text: string): void {
    this.#pending.get(number)?.pieces.push(Buffer.from(text));
  }

  end(number: number): void {
    const scrape = this.#take(number);
    scrape?.resolve(scrape.pieces);
  }

  /** @param reason completes "process 1 ..." */
  fail(number: number, reason: string): void {
    this.#take(number)?.reject(new Error(`process ${this.#leaderPid} ${reason}`));
  }

  failAll(reason: string): void {
    for (const number of this.#pending.keys()) this.fail(number, reason);
  }

  #take(number: number): PendingScrape | undefined {
    const scrape = this.#pending.get(number);
    this.#pending.delete(number);
    return scrape;
  }
}
