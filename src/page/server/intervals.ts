import type { Interval, PageData } from '../protocol.ts';

/** Half an hour of intervals. The oldest are dropped when there are more, or when they take more bytes. */
const MAX_INTERVALS = 360;
const MAX_BYTES = 4 * 1024 * 1024;

type Endpoint = PageData['endpoints'][number];

interface StoredInterval {
  readonly number: number;
  readonly json: Buffer;
}

/** The last intervals as JSON: made once, counted to the byte, and cheap to answer with. */
export class Intervals {
  #stored: StoredInterval[] = [];
  #bytes = 0;
  #last = 0;
  /** By id, with the number of the last interval that has the endpoint. */
  readonly #endpoints = new Map<number, { readonly endpoint: Endpoint; last: number }>();

  /** Number of the last interval. */
  get last(): number {
    return this.#last;
  }

  /** @param endpoints that the interval has, by id */
  add(interval: Interval, endpoints: Iterable<readonly [id: number, endpoint: Endpoint]>): void {
    const number = ++this.#last;
    const text = JSON.stringify(interval);
    // Not from the pool: a small buffer would keep the whole slab of the pool, which is 64 KB from Node 24 on.
    const json = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
    json.write(text);
    this.#stored.push({ number, json });
    this.#bytes += json.length;
    for (const [id, endpoint] of endpoints) this.#note(id, endpoint, number);
    while (this.#stored.length > MAX_INTERVALS || this.#bytes > MAX_BYTES) this.#dropOldest();
  }

  /** The intervals after a number, and the endpoints that they have. */
  after(number: number): { texts: Buffer[]; endpoints: Record<string, Endpoint> } {
    const texts = this.#stored.filter((interval) => interval.number > number).map(({ json }) => json);
    const endpoints: Record<string, Endpoint> = {};
    for (const [id, { endpoint, last }] of this.#endpoints) if (last > number) endpoints[id] = endpoint;
    return { texts, endpoints };
  }

  #note(id: number, endpoint: Endpoint, last: number): void {
    if (!this.#endpoints.has(id)) this.#bytes += bytesOf(endpoint);
    this.#endpoints.set(id, { endpoint, last });
  }

  /** With the endpoints that no later interval has. */
  #dropOldest(): void {
    const oldest = this.#stored.shift();
    if (oldest === undefined) return;
    this.#bytes -= oldest.json.length;
    for (const [id, { endpoint, last }] of this.#endpoints) {
      if (last > oldest.number) continue;
      this.#endpoints.delete(id);
      this.#bytes -= bytesOf(endpoint);
    }
  }
}

/** About what an entry takes besides its text. Paths that come and go make many entries. */
const ENTRY_BYTES = 150;
const bytesOf = (endpoint: Endpoint): number => endpoint.reduce((bytes, text) => bytes + text.length, ENTRY_BYTES);
