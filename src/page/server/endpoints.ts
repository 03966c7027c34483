import { OTHER } from '../../semconv.ts';
import type { Counters } from '../protocol.ts';
import { CounterSet } from './counters.ts';

/** So many paths are told apart: those with most requests. */
const KEPT = 100;
/** So many more are watched, in case they get busier. */
const WATCHED = 1_000;
/** What is left of a path's weight after a slot: half of it after three minutes. */
const FADING = 0.98;
/** A path takes another's place when it has so many times its weight. Two that are alike do not take turns. */
const BUSIER = 2;
/** So many do so in one slot. */
const AT_ONCE = 10;

interface Path {
  readonly path: string;
  /** Requests, of late. */
  weight: number;
  /** While it is kept; by method. */
  methods: Map<string, Endpoint> | undefined;
}

export interface Endpoint {
  readonly id: number;
  readonly path: string;
  readonly method: string;
  readonly tally: CounterSet;
}

/** What each endpoint had in the slot that is being filled, those of the busiest paths apart and the rest as `other`. */
export class Endpoints {
  readonly #buckets: number;
  readonly #paths = new Map<string, Path>();
  readonly #other: Path = { path: OTHER, weight: 0, methods: new Map() };
  #kept = 0;
  #lastId = 0;

  constructor(buckets: number) {
    this.#buckets = buckets;
  }

  /** Where requests of this endpoint are counted. @param requests how many have come, for the path's weight */
  tallyOf(path: string, method: string, requests: number): CounterSet {
    const found = path === OTHER ? this.#other : (this.#paths.get(path) ?? this.#watch(path));
    found.weight += requests;
    const home = found.methods === undefined ? this.#other : found;
    const methods = home.methods as Map<string, Endpoint>;
    let endpoint = methods.get(method);
    if (endpoint === undefined) {
      endpoint = { id: ++this.#lastId, path: home.path, method, tally: new CounterSet(this.#buckets) };
      methods.set(method, endpoint);
    }
    return endpoint.tally;
  }

  /** Those that had any in this slot; then the next one begins. */
  take(): { endpoint: Endpoint; tallied: Counters }[] {
    const taken: { endpoint: Endpoint; tallied: Counters }[] = [];
    for (const endpoint of this.#all()) {
      if (!endpoint.tally.isEmpty) taken.push({ endpoint, tallied: endpoint.tally.take() });
    }
    this.#fade();
    this.#replace();
    return taken;
  }

  /** Ids of those that are told apart. */
  get kept(): number[] {
    return Array.from(this.#all(), ({ id }) => id);
  }

  *#all(): Generator<Endpoint> {
    yield* this.#other.methods?.values() ?? [];
    if (this.#kept === 0) return;
    for (const { methods } of this.#paths.values()) if (methods) yield* methods.values();
  }

  #watch(path: string): Path {
    const isKept = this.#kept < KEPT;
    if (!isKept && this.#paths.size >= KEPT + WATCHED) return this.#other;
    if (isKept) this.#kept++;
    const watched: Path = { path, weight: 0, methods: isKept ? new Map() : undefined };
    this.#paths.set(path, watched);
    return watched;
  }

  #fade(): void {
    for (const path of this.#paths.values()) {
      path.weight *= FADING;
      if (path.weight < 0.5 && path.methods === undefined) this.#paths.delete(path.path);
    }
  }

  #replace(): void {
    if (this.#paths.size === this.#kept) return;
    const all = [...this.#paths.values()];
    const least = all.filter(({ methods }) => methods).sort((a, b) => a.weight - b.weight);
    const most = all.filter(({ methods }) => !methods).sort((a, b) => b.weight - a.weight);
    for (let i = 0; i < AT_ONCE; i++) {
      const [goes, comes] = [least[i], most[i]];
      if (goes === undefined || comes === undefined || comes.weight < BUSIER * Math.max(goes.weight, 1)) return;
      goes.methods = undefined;
      comes.methods = new Map();
    }
  }
}
