import { ValueType } from '@opentelemetry/api';
import { hrTime } from '@opentelemetry/core';
import type { ScopeMetrics, ViewOptions } from '@opentelemetry/sdk-metrics';
import { createYielder } from '../../base/yield.ts';
import { SCOPE, SERVER_ACTIVE } from '../../semconv.ts';
import type { Kind, KindId, Kinds } from '../kinds.ts';
import type { ActiveRequests } from '../model.ts';
import type { SeriesByKind } from '../series-set.ts';
import { ExportedInstrument } from './exported-instrument.ts';
import { ExportedKind } from './exported-kind.ts';
import { attributesOf } from './exported-table.ts';
import type { HistogramKind } from './histogram-form.ts';
import { type Interval, point, sumMetric } from './metric-data.ts';

const ACTIVE = {
  name: SERVER_ACTIVE,
  description: 'HTTP requests in flight.',
  unit: '{request}',
  valueType: ValueType.INT,
};

/** Makes OpenTelemetry's shape of the model's series, as the Views name them. Nothing else does. */
export class ExportedMetrics {
  readonly #kinds: readonly { readonly id: KindId; readonly exported: ExportedKind }[];
  readonly #active: ExportedInstrument;
  readonly #since = hrTime();

  /** @param hasUnits whether the instruments have their units: under `APM_METRIC_NAMES=semconv` */
  constructor(views: readonly ViewOptions[], kinds: Kinds, hasUnits: boolean) {
    this.#kinds = Object.values<Kind>(kinds).map((kind) => ({
      id: kind.id,
      exported: new ExportedKind(kind, views, hasUnits),
    }));
    this.#active = new ExportedInstrument(ACTIVE, views, hasUnits);
  }

  /** Works out the labels of live series, and yields to the app in between: 10,000 new ones take a while. */
  async prepare(live: SeriesByKind): Promise<void> {
    const yieldIfDue = createYielder();
    for (const { id, exported } of this.#kinds) {
      const all = live[id];
      if (all === undefined) continue;
      while (exported.prepareNext(all)) await yieldIfDue();
    }
  }

  /** @param series totals, or increments */
  convert(
    series: SeriesByKind,
    active: readonly ActiveRequests[],
    interval: Interval,
    histograms: HistogramKind = 'explicit',
  ): ScopeMetrics[] {
    // The difference of a gauge means nothing, so up-down counters are cumulative under every preference.
    const always: Interval = { temporality: 'cumulative', start: this.#since, end: interval.end };
    const gauges = active.map(({ requests, ...labels }) =>
      point(this.#active.labelsOf(attributesOf(labels)), requests, always),
    );
    const metrics = this.#kinds.flatMap(({ id, exported }) =>
      exported.convert({ series: series[id] ?? [], interval, histograms }),
    );
    const filled = [...metrics, sumMetric(this.#active, gauges, false, always)].filter(
      ({ dataPoints }) => dataPoints.length > 0,
    );
    return filled.length > 0 ? [{ scope: { name: SCOPE }, metrics: filled }] : [];
  }
}
