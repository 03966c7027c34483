import { OTHER, UNMATCHED } from '../../semconv.ts';
import type { EndpointCounters, PageEndpoint } from '../protocol.ts';
import { CounterSet } from './counters.ts';

/** This many paths are shown one by one: routes first, then those with most requests. */
const MAX_SHOWN = 100;
/** This many routes, and this many guesses, are watched besides, because they may get busier. */
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
  /** Whether it was only guessed from the shape of URLs. Clients can provoke any number of those. */
  guessed: boolean;
  /** Recent requests. */
  weight: number;
  /** By method and labels, while the path is shown. */
  methods: Map<string, Endpoint> | undefined;
}

interface Endpoint {
  readonly id: number;
  readonly path: string;
  readonly method: string;
  /** The values of the app's own labels; an empty one is no label. */
  readonly labels: readonly string[];
  readonly counters: CounterSet;
}

const namesOf = ({ path, method, labels }: Endpoint): PageEndpoint => [path, method, ...labels];

/** How many routes there are, or how many guesses. */
interface PathCount {
  all: number;
  shown: number;
}

/**
 * The endpoints of the interval that is being filled: the busiest paths one by one, the rest as `other`. A guess never
 * takes the place of a route. A new route is shown at once; a guess makes room for it at the end of the interval.
 */
export class Endpoints {
  readonly #paths = new Map<string, Path>();
  readonly #other: Path = { path: OTHER, guessed: false, weight: 0, methods: new Map() };
  #routes: PathCount = { all: 0, shown: 0 };
  #guesses: PathCount = { all: 0, shown: 0 };
  #lastId = 0;

  /**
   * Where requests of this endpoint are counted.
   * @param labels  the values of the app's own labels
   * @param counted how many requests arrived, for the weight of the path, and whether the path is a guess
   */
  countersOf(
    path: string,
    method: string,
    labels: readonly string[],
    counted: { readonly requests: number; readonly guessed: boolean },
  ): CounterSet {
    const found = this.#find(path, counted.guessed);
    found.weight += counted.requests;
    return this.#endpointOf(found, method, labels).counters;
  }

  /** The endpoint under which something is shown that is known by path and method alone. */
  shownAs(path: string, method: string, guessed: boolean): readonly [id: number, endpoint: PageEndpoint] {
    const found = this.#endpointOf(this.#find(path, guessed), method, []);
    return [found.id, namesOf(found)];
  }

  /** The endpoint under which requests of an earlier one are listed now: the same, or `other`. */
  listed([path, method, ...labels]: PageEndpoint): readonly [id: number, endpoint: PageEndpoint] {
    const found = this.#endpointOf(this.#paths.get(path) ?? this.#other, method, labels);
    return [found.id, namesOf(found)];
  }

  /** Returns the endpoints with requests in this interval, and what encodes them; then the next one begins. */
  take(): { names: Map<number, PageEndpoint>; rows: (() => EndpointCounters)[] } {
    const names = new Map<number, PageEndpoint>();
    const rows: (() => EndpointCounters)[] = [];
    for (const endpoint of this.#all()) {
      const { id, counters } = endpoint;
      if (counters.requests === 0) continue;
      const encode = counters.take();
      names.set(id, namesOf(endpoint));
      rows.push(() => [id, ...encode()]);
    }
    this.#decay();
    this.#replace();
    this.#routes = this.#countWhere(false);
    this.#guesses = this.#countWhere(true);
    return { names, rows };
  }

  /** Ids of the endpoints that are shown one by one. */
  get kept(): number[] {
    return Array.from(this.#all(), ({ id }) => id);
  }

  *#all(): Generator<Endpoint> {
    yield* this.#other.methods?.values() ?? [];
    for (const { methods } of this.#paths.values()) if (methods) yield* methods.values();
  }

  #endpointOf(path: Path, method: string, labels: readonly string[]): Endpoint {
    const shown = path.methods === undefined ? this.#other : path;
    const methods = shown.methods as Map<string, Endpoint>;
    const key = labels.length === 0 ? method : `${method}\0${labels.join('\0')}`;
    const known = methods.get(key);
    if (known !== undefined) return known;
    const isFull = methods.size >= MAX_ENDPOINTS_OF_PATH && labels.some((value) => value !== OTHER);
    if (isFull) {
      const others = labels.map(() => OTHER);
      return this.#endpointOf(shown, method, others);
    }
    const endpoint = { id: ++this.#lastId, path: shown.path, method, labels, counters: new CounterSet() };
    methods.set(key, endpoint);
    return endpoint;
  }

  #find(path: string, isGuess: boolean): Path {
    if (path === OTHER) return this.#other;
    const guessed = isGuess && path !== UNMATCHED;
    const known = this.#paths.get(path);
    if (known === undefined) return this.#watch(path, guessed);
    if (known.guessed && !guessed) this.#becomeRoute(known);
    return known;
  }

  #watch(path: string, guessed: boolean): Path {
    const count = guessed ? this.#guesses : this.#routes;
    const isShown = this.#routes.shown + (guessed ? this.#guesses.shown : 0) < MAX_SHOWN;
    if (!isShown && count.all >= MAX_SHOWN + MAX_WATCHED) return this.#other;
    count.all++;
    if (isShown) count.shown++;
    const watched: Path = { path, guessed, weight: 0, methods: isShown ? new Map() : undefined };
    this.#paths.set(path, watched);
    return watched;
  }

  #becomeRoute(path: Path): void {
    path.guessed = false;
    if (path.methods === undefined && this.#routes.shown < MAX_SHOWN) path.methods = new Map();
    this.#routes = this.#countWhere(false);
    this.#guesses = this.#countWhere(true);
  }

  #countWhere(guessed: boolean): PathCount {
    const all = Array.from(this.#paths.values()).filter((path) => path.guessed === guessed);
    return { all: all.length, shown: all.filter(({ methods }) => methods).length };
  }

  #decay(): void {
    for (const path of this.#paths.values()) {
      path.weight *= DECAY;
      if (path.weight < 0.5 && path.methods === undefined) this.#paths.delete(path.path);
    }
  }

  #replace(): void {
    const order = (a: Path, b: Path) => Number(b.guessed) - Number(a.guessed) || a.weight - b.weight;
    const all = [...this.#paths.values()];
    const lightest = all.filter(({ methods }) => methods).sort(order);
    const heaviest = all.filter(({ methods }) => !methods).sort((a, b) => order(b, a));
    // Routes that were new in this interval are shown although there was no place left.
    for (const path of lightest.splice(0, Math.max(0, lightest.length - MAX_SHOWN))) path.methods = undefined;
    for (let i = 0; i < MAX_REPLACEMENTS; i++) {
      const [shown, watched] = [lightest[i], heaviest[i]];
      if (shown === undefined || watched === undefined || (watched.guessed && !shown.guessed)) return;
      const isSameKind = watched.guessed === shown.guessed;
      if (isSameKind && watched.weight < REPLACEMENT_FACTOR * Math.max(shown.weight, 1)) return;
      shown.methods = undefined;
      watched.methods = new Map();
    }
  }
}
