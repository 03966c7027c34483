import { CardinalityCap, createCallCaps, createLabelCaps } from './cardinality-cap.ts';
import { hasIncrements, IncrementSum, type Increments, type States } from './increments.ts';
import type { Kinds } from './kinds.ts';
import { type ActiveRequests, activeKey } from './model.ts';
import type { GaugeRule, Source } from './otel/gauge-merge.ts';
import type { Instruments } from './otel/instrument-aggregate.ts';
import type { SeriesByKind } from './series-set.ts';

/** Totals at a moment: what a scrape shows. */
export interface Snapshot {
  readonly series: SeriesByKind;
  readonly active: readonly ActiveRequests[];
  readonly instruments: Instruments;
}

/**
 * @property distinct  values of `path` so far
 * @property guessed   those of them that are guesses
 * @property max       `APM_MAX_PATHS`: of routes, and again of guesses
 * @property capped    whether requests were counted as `other`
 */
export interface PathCounts {
  readonly distinct: number;
  readonly guessed: number;
  readonly max: number;
  readonly capped: boolean;
}

export interface AggregateOptions {
  readonly kinds: Kinds;
  /** `APM_GAUGES` */
  readonly gauges: GaugeRule;
  /** `APM_MAX_PATHS`. Each process holds this cap by itself, but all of them together may know more. */
  readonly maxPaths: number;
  /** `APM_LABELS`: only the names are used here. */
  readonly labels?: Readonly<Record<string, unknown>>;
}

/**
 * The metrics of several processes as one. Increments are added and stay when their process exits, so that no counter
 * decreases. States are the last ones of each process, for as long as it runs.
 */
export class Aggregate {
  readonly #kinds: Kinds;
  readonly #sum: IncrementSum;
  readonly #paths: CardinalityCap;
  readonly #active = new Map<Source, readonly ActiveRequests[]>();
  /** Whether anything was counted under an earlier leader. */
  hasEarlier = false;

  constructor({ kinds, gauges, maxPaths, labels = {} }: AggregateOptions) {
    this.#kinds = kinds;
    this.#paths = new CardinalityCap(maxPaths);
    const caps = {
      ...createLabelCaps(Object.keys(labels)),
      ...createCallCaps(maxPaths),
      path: this.#paths,
    };
    this.#sum = new IncrementSum(kinds, caps, gauges);
  }

  /** @param isEarlier  whether they were counted under an earlier leader */
  add(increments: Increments, isEarlier = false): void {
    this.#sum.add(increments);
    if (isEarlier && hasIncrements(increments)) this.hasEarlier = true;
  }

  /** Replaces the states this source reported before. */
  setStates(source: Source, { active, instruments }: States): void {
    this.#active.set(source, active);
    this.#sum.instruments.setStates(source, instruments);
  }

  removeStates(source: Source): void {
    this.#active.delete(source);
    this.#sum.instruments.removeStates(source);
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
    return { series: this.series, active: [...active.values()], instruments: this.#sum.instruments.read() };
  }

  get paths(): PathCounts {
    const { known, guessed, max, isExceeded } = this.#paths;
    return { distinct: known + guessed, guessed, max, capped: isExceeded };
  }

  /** The live series. */
  get series(): SeriesByKind {
    return this.#sum.series.read();
  }

  /** Everything that was added, as increments for the next leader; later additions do not change them. */
  readIncrements(): Increments {
    const copy = new IncrementSum(this.#kinds);
    copy.add(this.#sum.read());
    return copy.read();
  }
}
