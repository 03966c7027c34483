import { ValueType } from '@opentelemetry/api';
import { hrTime } from '@opentelemetry/core';
import type { ScopeMetrics, ViewOptions } from '@opentelemetry/sdk-metrics';
import { createYielder } from '../../base/yield.ts';
import { SCOPE, SERVER_ACTIVE } from '../../semconv.ts';
import type { KindId, Kinds } from '../kinds.ts';
import type { ActiveRequests, Series } from '../model.ts';
import type { SeriesByKind } from '../series-set.ts';
import { ExportedInstrument } from './exported-instrument.ts';
import { attributesOf, EXPORTED_METRICS } from './exported-kinds.ts';
import { createExportedSeries, type ExportedSeries } from './exported-series.ts';
import { type Interval, point, sum } from './metric-data.ts';

const ACTIVE = {
  name: SERVER_ACTIVE,
  description: 'HTTP requests in flight.',
  unit: '{request}',
  valueType: ValueType.INT,
};

/** Makes OpenTelemetry's shape of the model's series, as the Views name them. Nothing else does. */
export class ExportedMetrics {
  readonly #metrics: readonly { readonly kind: KindId; readonly exported: ExportedSeries }[];
  readonly #active: ExportedInstrument;
  readonly #since = hrTime();
  /** How many series of a live array have their labels; series are only ever appended. */
  readonly #prepared = new WeakMap<readonly Series[], number>();

  /** @param hasUnits whether the instruments have their units: under `APM_METRIC_NAMES=semconv` */
  constructor(views: readonly ViewOptions[], kinds: Kinds, hasUnits: boolean) {
    this.#metrics = EXPORTED_METRICS.map((metric) => ({
      kind: metric.kind,
      exported: createExportedSeries(metric, kinds[metric.kind], views, hasUnits),
    }));
    this.#active = new ExportedInstrument(ACTIVE, views, hasUnits);
  }

  /** Works out the labels of live series, and yields to the app in between: 10,000 new ones take a while. */
  async prepare(live: SeriesByKind): Promise<void> {
    const yieldIfDue = createYielder();
    for (const [kind, all] of Object.entries(live)) {
      const exported = this.#metrics.filter((metric) => metric.kind === kind);
      for (let i = this.#prepared.get(all) ?? 0; i < all.length; i++) {
        for (const metric of exported) metric.exported.bind((all[i] as Series).labels);
        await yieldIfDue();
      }
      this.#prepared.set(all, all.length);
    }
  }

  /** @param series totals, or increments */
  convert(series: SeriesByKind, active: readonly ActiveRequests[], interval: Interval): ScopeMetrics[] {
    // The difference of a gauge means nothing, so up-down counters are cumulative under every preference.
    const always: Interval = { temporality: 'cumulative', start: this.#since, end: interval.end };
    const gauges = active.map(({ requests, ...labels }) =>
      point(this.#active.labelsOf(attributesOf({ ...labels })), requests, always),
    );
    const metrics = this.#metrics.map(({ kind, exported }) => exported.convert(series[kind] ?? [], interval));
    const filled = [...metrics, sum(this.#active, gauges, false, always)].filter(
      ({ dataPoints }) => dataPoints.length > 0,
    );
    return filled.length > 0 ? [{ scope: { name: SCOPE }, metrics: filled }] : [];
  }
}
