/** Most bytes of an integer up to 2^53. */
const MAX_VARINT_BYTES = 8;
const VARINT_LIMIT = 2 ** 31;

/** The two wire types that are used here beside `LENGTH`. @see https://protobuf.dev/programming-guides/encoding/ */
export const VARINT = 0;
export const DOUBLE = 1;
/** A text, a message or a packed list: its length goes before it. */
export const LENGTH = 2;

/** The tag of a field. One byte, because no field here has a number above 15. */
export const tag = (field: number, type: typeof VARINT | typeof DOUBLE | typeof LENGTH): number => (field << 3) | type;

/** Writes protobuf messages one after another. */
export class ProtobufWriter {
  #bytes: Buffer;
  #view: DataView;
  #length = 0;

  /** @param capacity bytes that are usually written before they are taken; more make it grow */
  constructor(capacity: number) {
    this.#bytes = Buffer.allocUnsafeSlow(capacity);
    this.#view = viewOf(this.#bytes);
  }

  get length(): number {
    return this.#length;
  }

  /** What was written. The writer is empty after that. */
  take(): Buffer {
    const taken = Buffer.from(this.#bytes.subarray(0, this.#length));
    this.#length = 0;
    return taken;
  }

  byte(value: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** @param value an integer, not negative */
  varint(value: number): void {
    this.#reserve(MAX_VARINT_BYTES);
    let rest = value;
    for (; rest >= VARINT_LIMIT; rest = Math.floor(rest / 128)) this.#bytes[this.#length++] = (rest % 128) | 128;
    for (; rest > 127; rest >>>= 7) this.#bytes[this.#length++] = (rest & 127) | 128;
    this.#bytes[this.#length++] = rest;
  }

  /** An integer that may be negative, in the encoding of `sint32` and `sint64`. */
  signed(value: number): void {
    this.varint(zigzagOf(value));
  }

  /** Each value as the difference to the one before it. */
  signedDifferences(values: readonly number[]): void {
    this.#reserve(MAX_VARINT_BYTES * values.length);
    const bytes = this.#bytes;
    let end = this.#length;
    let last = 0;
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as number;
      const zigzag = zigzagOf(value - last);
      last = value;
      if (zigzag < 128) bytes[end++] = zigzag;
      else {
        this.#length = end;
        this.varint(zigzag);
        end = this.#length;
      }
    }
    this.#length = end;
  }

  double(value: number): void {
    this.#reserve(8);
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  copy(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** With its length before it. */
  text(value: string): void {
    const bytes = Buffer.from(value);
    this.varint(bytes.length);
    this.copy(bytes);
  }

  /** Begins something whose length goes before it. @returns for `close` */
  open(): number {
    this.#reserve(1);
    return this.#length++;
  }

  /** Ends it, and inserts its length. */
  close(start: number): void {
    const begin = start + 1;
    const end = this.#length;
    const size = end - begin;
    const lengthBytes = size < 128 ? 1 : size < 128 ** 2 ? 2 : size < 128 ** 3 ? 3 : 4;
    if (lengthBytes > 1) {
      this.#reserve(lengthBytes);
      this.#bytes.copyWithin(start + lengthBytes, begin, end);
    }
    this.#length = start;
    this.varint(size);
    this.#length = end + lengthBytes - 1;
  }

  #reserve(size: number): void {
    if (this.#length + size <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(2 * (this.#length + size));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
    this.#view = viewOf(larger);
  }
}

/** `2 * value`, or `-2 * value - 1` below 0. A branch would be slow, because the sign of a difference is unpredictable. */
const zigzagOf = (value: number): number => Math.abs(2 * value + 0.5) - 0.5;

const viewOf = ({ buffer, byteOffset, byteLength }: Buffer): DataView => new DataView(buffer, byteOffset, byteLength);
