import { hrTime } from '@opentelemetry/core';
import { emptyResource } from '@opentelemetry/resources';
import type { CollectionResult, MetricProducer, ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { createDeltaTaker } from '../deltas.ts';
import type { ActiveRequests } from '../model.ts';
import type { SeriesByKind, SeriesSet } from '../series-set.ts';
import type { ExportedMetrics } from './exported-metrics.ts';
import type { HistogramKind } from './histogram-form.ts';
import type { Interval } from './metric-data.ts';

export interface ProducerOptions {
  readonly series: SeriesSet;
  /** Reads the requests in flight. */
  readonly readActive: () => readonly ActiveRequests[];
  readonly exported: ExportedMetrics;
  readonly temporality: 'cumulative' | 'delta';
  readonly histograms: HistogramKind;
}

/** Hands the series of this process to one OpenTelemetry reader. */
export class SeriesProducer implements MetricProducer {
  readonly #options: ProducerOptions;
  readonly #take: () => SeriesByKind;
  readonly #start = hrTime();

  constructor(options: ProducerOptions) {
    const { series, temporality } = options;
    this.#options = options;
    this.#take = temporality === 'delta' ? createDeltaTaker(series) : () => series.read();
  }

  async collect(): Promise<CollectionResult> {
    await this.#options.exported.prepare(this.#options.series.read());
    return { resourceMetrics: { resource: emptyResource(), scopeMetrics: this.read() }, errors: [] };
  }

  /** Collects at once, for a process that is about to exit. */
  read(): ScopeMetrics[] {
    const { exported, temporality, histograms, readActive } = this.#options;
    // Of deltas, the reader that pushes them knows the interval.
    const interval: Interval = { temporality, start: this.#start, end: hrTime() };
    return exported.convert(this.#take(), readActive(), interval, histograms);
  }
}
