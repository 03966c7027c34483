import { OTHER } from '../../semconv.ts';
import type { Counters } from '../protocol.ts';
import { CounterSet } from './counters.ts';

/** This many paths are shown one by one: those with most requests. */
const MAX_SHOWN = 100;
/** This many more are watched, because they may get busier. */
const MAX_WATCHED = 1_000;
/** A path's weight is multiplied by this after each interval: half of it is left after three minutes. */
const DECAY = 0.98;
/** A path takes the place of another when its weight is this many times the other's. The factor keeps two paths of
 * similar weight from swapping repeatedly. */
const REPLACEMENT_FACTOR = 2;
/** At most this many paths are replaced in one interval. */
const MAX_REPLACEMENTS = 10;
/** Combinations of a method and labels that a path has; requests with a further one have `other` for each label. */
const MAX_ENDPOINTS_OF_PATH = 100;

interface Path {
  readonly path: string;
  /** Recent requests. */
  weight: number;
  /** By method and labels, while the path is shown. */
  methods: Map<string, Endpoint> | undefined;
}

export interface Endpoint {
  readonly id: number;
  readonly path: string;
  readonly method: string;
  /** The values of the app's own labels; an empty one is no label. */
  readonly labels: readonly string[];
  readonly counters: CounterSet;
}

/** The endpoints of the interval that is being filled: the busiest paths one by one, the rest as `other`. */
export class Endpoints {
  readonly #buckets: number;
  readonly #paths = new Map<string, Path>();
  readonly #other: Path = { path: OTHER, weight: 0, methods: new Map() };
  #shown = 0;
  #lastId = 0;

  /** @param buckets of each distribution */
  constructor(buckets: number) {
    this.#buckets = buckets;
  }

  /**
   * Where requests of this endpoint are counted.
   * @param requests how many arrived, for the weight of the path
   * @param labels   the values of the app's own labels
   */
  countersOf(path: string, method: string, requests: number, labels: readonly string[] = []): CounterSet {
    const found = path === OTHER ? this.#other : (this.#paths.get(path) ?? this.#watch(path));
    found.weight += requests;
    const shown = found.methods === undefined ? this.#other : found;
    const methods = shown.methods as Map<string, Endpoint>;
    const key = labels.length === 0 ? method : `${method}\0${labels.join('\0')}`;
    let endpoint = methods.get(key);
    if (endpoint === undefined) {
      const isFull = methods.size >= MAX_ENDPOINTS_OF_PATH && labels.some((value) => value !== OTHER);
      if (isFull)
        return this.countersOf(
          path,
          method,
          0,
          labels.map(() => OTHER),
        );
      const counters = new CounterSet(this.#buckets);
      endpoint = { id: ++this.#lastId, path: shown.path, method, labels, counters };
      methods.set(key, endpoint);
    }
    return endpoint.counters;
  }

  /** Returns the endpoints with requests in this interval; then the next one begins. */
  take(): { endpoint: Endpoint; counters: Counters }[] {
    const taken: { endpoint: Endpoint; counters: Counters }[] = [];
    for (const endpoint of this.#all()) {
      if (!endpoint.counters.isEmpty) taken.push({ endpoint, counters: endpoint.counters.take() });
    }
    this.#decay();
    this.#replace();
    return taken;
  }

  /** Ids of the endpoints that are shown one by one. */
  get kept(): number[] {
    return Array.from(this.#all(), ({ id }) => id);
  }

  *#all(): Generator<Endpoint> {
    yield* this.#other.methods?.values() ?? [];
    if (this.#shown === 0) return;
    for (const { methods } of this.#paths.values()) if (methods) yield* methods.values();
  }

  #watch(path: string): Path {
    const isShown = this.#shown < MAX_SHOWN;
    if (!isShown && this.#paths.size >= MAX_SHOWN + MAX_WATCHED) return this.#other;
    if (isShown) this.#shown++;
    const watched: Path = { path, weight: 0, methods: isShown ? new Map() : undefined };
    this.#paths.set(path, watched);
    return watched;
  }

  #decay(): void {
    for (const path of this.#paths.values()) {
      path.weight *= DECAY;
      if (path.weight < 0.5 && path.methods === undefined) this.#paths.delete(path.path);
    }
  }

  #replace(): void {
    if (this.#paths.size === this.#shown) return;
    const all = [...this.#paths.values()];
    const lightest = all.filter(({ methods }) => methods).sort((a, b) => a.weight - b.weight);
    const heaviest = all.filter(({ methods }) => !methods).sort((a, b) => b.weight - a.weight);
    for (let i = 0; i < MAX_REPLACEMENTS; i++) {
      const [shown, watched] = [lightest[i], heaviest[i]];
      if (shown === undefined || watched === undefined) return;
      if (watched.weight < REPLACEMENT_FACTOR * Math.max(shown.weight, 1)) return;
      shown.methods = undefined;
      watched.methods = new Map();
    }
  }
}
