import { getOrAdd } from '../../base/get-or-add.ts';
import type { TimeSpentLabels } from '../../metrics/kinds.ts';
import type { Series } from '../../metrics/model.ts';
import { ON_CODE, ON_UNSEEN } from '../../semconv.ts';
import type { PageEndpoint, TimeSpentRow } from '../protocol.ts';
import type { Endpoints } from './endpoints.ts';
import { Places } from './places.ts';

/** Time on this many hosts and databases is shown one by one; the rest is `other`. */
export const MAX_SPENT_ON = 40;

/** Seconds by the id of the endpoint. */
type Seconds = Map<number, number>;

/** Where the time of requests went, in the interval that is being filled: by what it was spent on, then by endpoint. */
export class TimeSpent {
  readonly #endpoints: Pick<Endpoints, 'shownAs'>;
  readonly #places = new Places(MAX_SPENT_ON);
  #slow = new Map<string, Seconds>();
  #others = new Map<string, Seconds>();
  #names = new Map<number, PageEndpoint>();

  constructor(endpoints: Pick<Endpoints, 'shownAs'>) {
    this.#endpoints = endpoints;
  }

  add({ labels: { path, method, on, slow }, guessed, sum }: Series<TimeSpentLabels>): void {
    const [id, endpoint] = this.#endpoints.shownAs(path, method, guessed);
    this.#names.set(id, endpoint);
    const name = on === ON_CODE || on === ON_UNSEEN ? on : this.#places.nameFor(on);
    const seconds = getOrAdd(slow === 'true' ? this.#slow : this.#others, name, (): Seconds => new Map());
    seconds.set(id, (seconds.get(id) ?? 0) + sum);
  }

  /** Returns the endpoints with requests in this interval, and where their time went; then the next one begins. */
  take(): { names: ReadonlyMap<number, PageEndpoint>; rows: TimeSpentRow[] } {
    const [slow, others, names] = [this.#slow, this.#others, this.#names];
    [this.#slow, this.#others, this.#names] = [new Map(), new Map(), new Map()];
    this.#places.endInterval({ has: (name) => slow.has(name) || others.has(name) });
    return { names, rows: [...encodeRows(others, 0), ...encodeRows(slow, 1)] };
  }
}

const encodeRows = (all: ReadonlyMap<string, Seconds>, slow: 0 | 1): TimeSpentRow[] =>
  Array.from(all, ([on, seconds]) => encodeTimeSpent(on, slow, seconds));

export const encodeTimeSpent = (on: string, slow: 0 | 1, seconds: ReadonlyMap<number, number>): TimeSpentRow => [
  on,
  slow,
  ...Array.from(seconds, ([id, value]) => [id, round(value)]).flat(),
];

/** Five digits are more than a share or a mean shows. */
const round = (seconds: number): number => Number(seconds.toPrecision(5));
