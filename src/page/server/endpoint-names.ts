import type { PageEndpoint } from '../protocol.ts';

/** About what an entry takes besides its text. Paths that come and go make many entries. */
const ENTRY_BYTES = 150;

/** The endpoints of all stored intervals by id, as long as an interval has them. */
export class EndpointNames {
  readonly #known = new Map<number, { readonly endpoint: PageEndpoint; uses: number }>();
  #bytes = 0;

  /** About what they take in memory. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @throws for an endpoint that no interval has */
  get(id: number): PageEndpoint {
    const known = this.#known.get(id);
    if (known === undefined) throw new Error(`no interval has the endpoint ${id}`);
    return known.endpoint;
  }

  /** One more interval has this endpoint. */
  use(id: number, endpoint: PageEndpoint): void {
    const known = this.#known.get(id);
    if (known !== undefined) {
      known.uses++;
      return;
    }
    this.#known.set(id, { endpoint, uses: 1 });
    this.#bytes += bytesOf(endpoint);
  }

  /** One interval fewer has this endpoint. */
  release(id: number): void {
    const known = this.#known.get(id);
    if (known === undefined || --known.uses > 0) return;
    this.#known.delete(id);
    this.#bytes -= bytesOf(known.endpoint);
  }
}

const bytesOf = (endpoint: PageEndpoint): number =>
  endpoint.reduce((bytes, text) => bytes + Buffer.byteLength(text), ENTRY_BYTES);
