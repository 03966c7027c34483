import { nextTurn } from '../../base/timers.ts';
import type { Interval, PageEndpoint } from '../protocol.ts';
import { EndpointNames } from './endpoint-names.ts';
import { mergeIntervals } from './merge-intervals.ts';

const HALF_HOUR_MS = 30 * 60_000;
/** Of all intervals and the names of their endpoints. */
const MAX_BYTES = 4 * 1024 * 1024;
/** With fewer intervals, each would be several minutes. */
const MIN_INTERVALS = 8;

/** Added to the age of intervals: without it, the oldest would be several minutes long and the last two minutes not merged. */
const YOUNGEST_MS = 60_000;

/** @property ids of the endpoints that it has */
interface StoredInterval {
  readonly first: number;
  readonly last: number;
  readonly ms: number;
  readonly json: Buffer;
  readonly ids: readonly number[];
}

/** The endpoint under whose name another one is listed now: itself or `other`. */
export type ListedEndpoint = (endpoint: PageEndpoint) => readonly [id: number, endpoint: PageEndpoint];

/**
 * The intervals of the last half hour as JSON: made once, counted to the byte, and cheap to answer with. When they take too
 * many bytes, older ones are merged in pairs: the half hour stays, and the older it is, the longer are its intervals.
 */
export class Intervals {
  readonly #listed: ListedEndpoint;
  readonly #names = new EndpointNames();
  #stored: StoredInterval[] = [];
  #bytes = 0;
  #last = 0;

  constructor(listed: ListedEndpoint) {
    this.#listed = listed;
  }

  /** Number of the last interval. */
  get last(): number {
    return this.#last;
  }

  /** In turns of the event loop. Call it again only after it has ended. @param endpoints that the interval has, by id */
  async add(interval: Omit<Interval, 'first' | 'last'>, endpoints: ReadonlyMap<number, PageEndpoint>): Promise<void> {
    const number = this.#last + 1;
    const added = store({ first: number, last: number, ...interval });
    this.#count(added, (id) => endpoints.get(id) as PageEndpoint);
    while (this.#isFull && this.#stored.length > 0) await this.#makeRoom();
    this.#last = number;
    if (this.#isFull) this.#uncount(added);
    else this.#stored.push(added);
    this.#dropOld();
  }

  /** The intervals that ended after a number, and the endpoints that they have. */
  after(number: number): { texts: Buffer[]; endpoints: Record<string, PageEndpoint> } {
    const intervals = this.#stored.filter(({ last }) => last > number);
    const endpoints: Record<string, PageEndpoint> = {};
    for (const { ids } of intervals) for (const id of ids) endpoints[id] = this.#names.get(id);
    return { texts: intervals.map(({ json }) => json), endpoints };
  }

  get #isFull(): boolean {
    return this.#bytes + this.#names.bytes > MAX_BYTES;
  }

  async #makeRoom(): Promise<void> {
    if (this.#stored.length < MIN_INTERVALS) return this.#replace(0, 1);
    const i = shortestPair(this.#stored);
    const others = new Map<number, PageEndpoint>();
    const merged = await mergeIntervals(read(this.#stored[i]), read(this.#stored[i + 1]), (id) => {
      const [listedId, endpoint] = this.#listed(this.#names.get(id));
      others.set(listedId, endpoint);
      return listedId;
    });
    await nextTurn();
    const stored = store(merged);
    this.#count(stored, (id) => others.get(id) as PageEndpoint);
    this.#replace(i, 2, stored);
  }

  /** Those that ended half an hour before the last one. */
  #dropOld(): void {
    let age = this.#stored.reduce((sum, { ms }) => sum + ms, 0);
    for (const { ms } of [...this.#stored]) {
      age -= ms;
      if (age < HALF_HOUR_MS) return;
      this.#replace(0, 1);
    }
  }

  #replace(index: number, count: number, ...replacement: StoredInterval[]): void {
    for (const dropped of this.#stored.splice(index, count, ...replacement)) this.#uncount(dropped);
  }

  #count({ json, ids }: StoredInterval, endpointOf: (id: number) => PageEndpoint): void {
    this.#bytes += json.length;
    for (const id of ids) this.#names.use(id, endpointOf(id));
  }

  #uncount({ json, ids }: StoredInterval): void {
    this.#bytes -= json.length;
    for (const id of ids) this.#names.release(id);
  }
}

/** Index of the two neighbours that are shortest in relation to their age. */
function shortestPair(intervals: readonly StoredInterval[]): number {
  let [shortest, least] = [0, Number.POSITIVE_INFINITY];
  let age = YOUNGEST_MS + (intervals.at(-1)?.ms ?? 0);
  for (let i = intervals.length - 2; i >= 0; i--) {
    const pair = (intervals[i] as StoredInterval).ms + (intervals[i + 1] as StoredInterval).ms;
    age += (intervals[i] as StoredInterval).ms;
    if (pair / age <= least) [shortest, least] = [i, pair / age];
  }
  return shortest;
}

function store(interval: Interval): StoredInterval {
  const text = JSON.stringify(interval);
  // Not from the pool: a small buffer would keep the whole slab of the pool, which is 64 KB from Node 24 on.
  const json = Buffer.allocUnsafeSlow(Buffer.byteLength(text));
  json.write(text);
  const { first, last, ms } = interval;
  return { first, last, ms, json, ids: idsOf(interval) };
}

function idsOf({ endpoints, timeSpent }: Interval): number[] {
  const ids = new Set(endpoints.map(([id]) => id));
  for (const [, , ...times] of timeSpent) for (let i = 0; i < times.length; i += 2) ids.add(times[i] as number);
  return [...ids];
}

const read = (interval: StoredInterval | undefined): Interval => JSON.parse(String(interval?.json)) as Interval;
