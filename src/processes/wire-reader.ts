import type { Increments, States } from '../metrics/increments.ts';
import type { Kinds } from '../metrics/kinds.ts';
import type { ActiveRequests, Series } from '../metrics/model.ts';
import type { Instruments } from '../metrics/otel/instrument-aggregate.ts';
import { InstrumentReader } from './instrument-reader.ts';
import { decodeLabel, KindReader } from './kind-reader.ts';
import type { ActivePart, Part } from './wire-format.ts';

/** Collects the parts that one sender sends over one connection. All methods throw where a part is malformed. */
export class WireReader {
  readonly #kinds: ReadonlyMap<string, KindReader>;
  readonly #instruments = new InstrumentReader();
  #increments = noIncrements();
  #states = noStates();

  constructor(kinds: Kinds) {
    this.#kinds = new Map(Object.values(kinds).map((kind) => [kind.id, new KindReader(kind)]));
  }

  addIncrements(part: unknown): void {
    const known = part as Part;
    if (!('kind' in known)) return void this.#increments.instruments.push(this.#instruments.read(part));
    const reader = this.#kinds.get(known.kind);
    if (reader === undefined) throw new Error('unknown kind of series');
    this.#increments.series[known.kind] ??= [];
    this.#increments.series[known.kind]?.push(...known.series.map((each) => reader.read(each)));
  }

  takeIncrements(): Increments {
    const taken = this.#increments;
    this.#increments = noIncrements();
    return taken as Increments;
  }

  addState(part: unknown): void {
    const known = part as Part;
    if ('active' in known) this.#states.active.push(...known.active.map(decodeActive));
    else this.#states.instruments.push(this.#instruments.read(part));
  }

  takeStates(): States {
    const taken = this.#states;
    this.#states = noStates();
    return taken;
  }
}

const noIncrements = () => ({
  series: {} as Record<string, Series[]>,
  instruments: [] as Instruments[number][],
});

const noStates = () => ({ active: [] as ActiveRequests[], instruments: [] as Instruments[number][] });

function decodeActive([method, requests, details]: ActivePart['active'][number]): ActiveRequests {
  if (typeof method !== 'string') throw new Error('a method is not a text');
  const known = decodeLabel(details, 'json?') as string | undefined;
  if (!Number.isSafeInteger(requests)) throw new Error('a number of requests in flight is no integer');
  return { method, ...(known !== undefined && { details: known }), requests };
}
