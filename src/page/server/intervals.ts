import type { Interval, PageData } from '../protocol.ts';

/** The oldest slots go when there are more, 30 minutes of them, or they have more bytes. */
const SLOTS = 360;
const BYTES = 4 * 1024 * 1024;

type Name = PageData['endpoints'][number];

interface Kept {
  readonly number: number;
  readonly text: Buffer;
}

/** The last slots as the text they are told in: made once, counted to the byte, and cheap for whoever asks for them. */
export class Intervals {
  #kept: Kept[] = [];
  #bytes = 0;
  #last = 0;
  /** By id, with the number of the last slot it is in. */
  readonly #endpoints = new Map<number, { readonly name: Name; last: number }>();

  /** Number of the last slot. */
  get last(): number {
    return this.#last;
  }

  /** @param names of the endpoints in it, by id */
  add(slot: Interval, names: Iterable<readonly [id: number, name: Name]>): void {
    const number = ++this.#last;
    const json = JSON.stringify(slot);
    // Of its own: a small one from the pool would hold all of its slab, which is 64 KB from Node 24 on.
    const text = Buffer.allocUnsafeSlow(Buffer.byteLength(json));
    text.write(json);
    this.#kept.push({ number, text });
    this.#bytes += text.length;
    for (const [id, name] of names) this.#name(id, name, number);
    while (this.#kept.length > SLOTS || this.#bytes > BYTES) this.#forget();
  }

  /** Those after a number, and the endpoints that are in them. */
  after(number: number): { texts: Buffer[]; endpoints: Record<string, Name> } {
    const texts = this.#kept.filter((slot) => slot.number > number).map(({ text }) => text);
    const endpoints: Record<string, Name> = {};
    for (const [id, { name, last }] of this.#endpoints) if (last > number) endpoints[id] = name;
    return { texts, endpoints };
  }

  #name(id: number, name: Name, last: number): void {
    if (!this.#endpoints.has(id)) this.#bytes += bytesOf(name);
    this.#endpoints.set(id, { name, last });
  }

  /** The oldest, and the names that are in no other. */
  #forget(): void {
    const gone = this.#kept.shift();
    if (gone === undefined) return;
    this.#bytes -= gone.text.length;
    for (const [id, { name, last }] of this.#endpoints) {
      if (last > gone.number) continue;
      this.#endpoints.delete(id);
      this.#bytes -= bytesOf(name);
    }
  }
}

/** About what it takes beside its text, in an entry of its own: paths that come and go have many. */
const ENTRY = 150;
const bytesOf = ([path, method]: Name): number => ENTRY + path.length + method.length;
