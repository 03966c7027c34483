import type { Increments, States } from '../metrics/increments.ts';
import type { ActiveRequests, CallCounts, Counts, Details, RequestCounts } from '../metrics/model.ts';
import type { Instruments } from '../metrics/otel/instrument-aggregate.ts';
import { InstrumentReader } from './instrument-reader.ts';
import type { ActivePart, CallsPart, Part, RequestsPart } from './wire-format.ts';

/** Collects the parts that one sender sends. All methods throw where a part is malformed. */
export class WireReader {
  readonly #buckets: number;
  readonly #instruments = new InstrumentReader();
  #increments = noIncrements();
  #states = noStates();

  /** @param buckets of each of our own distributions: processes with other bounds are not merged */
  constructor(buckets: number) {
    this.#buckets = buckets;
  }

  addIncrements(part: unknown): void {
    const known = part as Part;
    if ('requests' in known) this.#increments.requests.push(...known.requests.map((each) => this.#requests(each)));
    else if ('calls' in known) this.#increments.calls.push(...known.calls.map((each) => this.#calls(each)));
    else this.#increments.instruments.push(this.#instruments.read(part));
  }

  takeIncrements(): Increments {
    const taken = this.#increments;
    this.#increments = noIncrements();
    return taken;
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

  #requests([
    path,
    method,
    status,
    requests,
    seconds,
    counts,
    details,
  ]: RequestsPart['requests'][number]): RequestCounts {
    if (!Number.isSafeInteger(status)) throw new Error('a status is no integer');
    return {
      path: asText(path),
      method: asText(method),
      status,
      ...decodeDetails(details),
      ...this.#counts([requests, seconds, counts]),
    };
  }

  #calls([host, method, status, requests, seconds, counts, details]: CallsPart['calls'][number]): CallCounts {
    if (status !== null && !Number.isSafeInteger(status)) throw new Error('a status is no integer');
    return {
      host: asText(host),
      method: asText(method),
      status: status ?? undefined,
      ...decodeDetails(details),
      ...this.#counts([requests, seconds, counts]),
    };
  }

  #counts([requests, seconds, counts]: readonly [number, number, readonly number[]]): Counts {
    if (!isCount(requests)) throw new Error('a number of requests is no count');
    if (!(seconds >= 0 && Number.isFinite(seconds))) throw new Error('a sum of seconds is negative or no number');
    if (!Array.isArray(counts) || counts.length !== this.#buckets || !counts.every(isCount)) {
      throw new Error('the buckets are not as many counts as there are bounds');
    }
    return { requests, seconds, counts };
  }
}

const noIncrements = () => ({
  requests: [] as RequestCounts[],
  calls: [] as CallCounts[],
  instruments: [] as Instruments[number][],
});

const noStates = () => ({ active: [] as ActiveRequests[], instruments: [] as Instruments[number][] });

const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

function asText(value: unknown): string {
  if (typeof value !== 'string') throw new Error('a label is not a text');
  return value;
}

function decodeActive([method, requests, details]: ActivePart['active'][number]): ActiveRequests {
  if (!Number.isSafeInteger(requests)) throw new Error('a number of requests in flight is no integer');
  return { method: asText(method), ...decodeDetails(details), requests };
}

/** @param details null where there are none */
function decodeDetails(details: unknown): { details?: Details } {
  if (details === null) return {};
  const values = typeof details === 'object' ? Object.values(details) : [undefined];
  if (!values.every((value) => typeof value === 'string' || Number.isFinite(value))) {
    throw new Error('the details of a series are malformed');
  }
  return { details: details as Details };
}
