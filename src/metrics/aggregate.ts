import { CardinalityCap, capHost, capSeries } from './cardinality-cap.ts';
import { IncrementSum, type Increments, type States } from './increments.ts';
import {
  type ActiveRequests,
  activeKey,
  type CallCounts,
  createCallTable,
  createRequestTable,
  type RequestCounts,
} from './model.ts';
import type { GaugeRule, Source } from './otel/gauge-merge.ts';
import { InstrumentAggregate, type Instruments } from './otel/instrument-aggregate.ts';

/** Totals at a moment: what a scrape shows. */
export interface Snapshot {
  readonly requests: readonly RequestCounts[];
  readonly calls: readonly CallCounts[];
  readonly active: readonly ActiveRequests[];
  readonly instruments: Instruments;
}

export interface AggregateOptions {
  /** `APM_GAUGES` */
  readonly gauges: GaugeRule;
  /** `APM_MAX_PATHS`. Each process holds this cap by itself, but all of them together may know more. */
  readonly maxPaths: number;
}

/**
 * The metrics of several processes as one. Increments are added and stay when their process exits, so that no counter
 * decreases. States are the last ones of each process, for as long as it runs.
 */
export class Aggregate {
  readonly #requests = createRequestTable();
  readonly #calls = createCallTable();
  readonly #active = new Map<Source, readonly ActiveRequests[]>();
  readonly #instruments: InstrumentAggregate;
  readonly #paths: CardinalityCap;
  readonly #hosts: CardinalityCap;

  constructor({ gauges, maxPaths }: AggregateOptions) {
    this.#instruments = new InstrumentAggregate(gauges);
    this.#paths = new CardinalityCap(maxPaths);
    this.#hosts = new CardinalityCap(maxPaths);
  }

  add({ requests, calls, instruments }: Increments): void {
    for (const each of requests) this.#requests.add(withPath(each, this.#paths.admit(each.path)));
    for (const each of calls) this.#calls.add(capSeries(capHost(each, this.#hosts), this.#calls));
    this.#instruments.add(instruments);
  }

  /** Replaces the states this source reported before. */
  setStates(source: Source, { active, instruments }: States): void {
    this.#active.set(source, active);
    this.#instruments.setStates(source, instruments);
  }

  removeStates(source: Source): void {
    this.#active.delete(source);
    this.#instruments.removeStates(source);
  }

  /**
   * The totals. Its series are the live ones, which later additions change: convert them before another event is handled.
   * They stay the same objects.
   */
  read(): Snapshot {
    const active = new Map<string, ActiveRequests>();
    for (const each of [...this.#active.values()].flat()) {
      const key = activeKey(each);
      const sum = active.get(key);
      if (sum === undefined) active.set(key, { ...each });
      else sum.requests += each.requests;
    }
    return {
      requests: this.#requests.series,
      calls: this.#calls.series,
      active: [...active.values()],
      instruments: this.#instruments.read(),
    };
  }

  /** The live series of requests. */
  get requests(): readonly RequestCounts[] {
    return this.#requests.series;
  }

  /** Everything that was added, as increments for the next leader. */
  readIncrements(): Increments {
    const sum = new IncrementSum();
    sum.add({
      requests: this.#requests.series,
      calls: this.#calls.series,
      instruments: this.#instruments.read('delta'),
    });
    return sum.read();
  }
}

const withPath = (series: RequestCounts, path: string): RequestCounts =>
  series.path === path ? series : { ...series, path };
