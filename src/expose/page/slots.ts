import type { Slot } from './data.ts';
import type { Endpoint } from './endpoints.ts';

/** The oldest slots go when there are more, 30 minutes of them, or they have more bytes. */
const SLOTS = 360;
const BYTES = 4 * 1024 * 1024;

interface Kept {
  readonly number: number;
  readonly text: Buffer;
}

/** The last slots as the text they are told in: made once, counted to the byte, and cheap for whoever asks for them. */
export class Slots {
  #kept: Kept[] = [];
  #bytes = 0;
  #last = 0;
  /** By id, with the number of the last slot it is in. */
  readonly #endpoints = new Map<number, { readonly endpoint: Endpoint; last: number }>();

  /** Number of the last slot. */
  get last(): number {
    return this.#last;
  }

  add(slot: Slot, endpoints: readonly Endpoint[]): void {
    const number = ++this.#last;
    const json = JSON.stringify(slot);
    // Of its own: a small one from the pool would hold all of its slab, which is 64 KB from Node 24 on.
    const text = Buffer.allocUnsafeSlow(Buffer.byteLength(json));
    text.write(json);
    this.#kept.push({ number, text });
    this.#bytes += text.length;
    for (const endpoint of endpoints) this.#endpoints.set(endpoint.id, { endpoint, last: number });
    while (this.#kept.length > SLOTS || this.#bytes > BYTES) this.#bytes -= this.#kept.shift()?.text.length ?? 0;
    const oldest = this.#kept[0]?.number ?? number;
    for (const [id, { last }] of this.#endpoints) if (last < oldest) this.#endpoints.delete(id);
  }

  /** Those after a number, and the endpoints that are in them. */
  after(number: number): { texts: Buffer[]; endpoints: Record<string, [string, string]> } {
    const texts = this.#kept.filter((slot) => slot.number > number).map(({ text }) => text);
    const endpoints: Record<string, [string, string]> = {};
    for (const { endpoint, last } of this.#endpoints.values()) {
      if (last > number) endpoints[endpoint.id] = [endpoint.path, endpoint.method];
    }
    return { texts, endpoints };
  }
}
