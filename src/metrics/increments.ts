import type { Kinds } from './kinds.ts';
import type { ActiveRequests } from './model.ts';
import type { GaugeRule } from './otel/gauge-merge.ts';
import { InstrumentAggregate, type Instruments } from './otel/instrument-aggregate.ts';
import { type SeriesByKind, SeriesSet } from './series-set.ts';
import type { LabelCaps } from './series-table.ts';

/**
 * What was counted between two moments. Increments of any source may be added to a total.
 * @property instruments  counters and histograms of the app's own
 */
export interface Increments {
  readonly series: SeriesByKind;
  readonly instruments: Instruments;
}

export const NO_INCREMENTS: Increments = { series: {}, instruments: [] };

/**
 * How a process stands at a moment. It replaces what the process said before.
 * @property instruments  gauges and up-down counters of the app's own
 */
export interface States {
  readonly active: readonly ActiveRequests[];
  readonly instruments: Instruments;
}

export const hasIncrements = ({ series, instruments }: Increments): boolean =>
  Object.values(series).some(({ length }) => length > 0) || instruments.some(({ metrics }) => metrics.length > 0);

/** Increments added up. */
export class IncrementSum {
  readonly series: SeriesSet;
  readonly instruments: InstrumentAggregate;

  /**
   * @param caps   on the values of labels; none where each source holds them already
   * @param gauges how the states of instruments are merged, where there are any
   */
  constructor(kinds: Kinds, caps?: LabelCaps, gauges?: GaugeRule) {
    this.series = new SeriesSet(kinds, caps);
    this.instruments = new InstrumentAggregate(gauges);
  }

  add({ series, instruments }: Increments): void {
    this.series.add(series);
    this.instruments.add(instruments);
  }

  /** The sum, as increments. Later additions change its series. */
  read(): Increments {
    return { series: this.series.read(), instruments: this.instruments.read('delta') };
  }
}
