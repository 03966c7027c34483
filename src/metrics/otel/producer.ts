import { hrTime } from '@opentelemetry/core';
import { emptyResource } from '@opentelemetry/resources';
import type { CollectionResult, MetricProducer, ScopeMetrics } from '@opentelemetry/sdk-metrics';
import type { CallSeries } from '../call-series.ts';
import { createDeltaTaker } from '../deltas.ts';
import type { RequestSeries } from '../request-series.ts';
import type { ExportedMetrics, ExportedSeries } from './exported-metrics.ts';

export interface ProducerOptions {
  readonly requests: RequestSeries;
  readonly calls: CallSeries;
  readonly exported: ExportedMetrics;
  readonly temporality: 'cumulative' | 'delta';
}

/** Hands the requests and calls of this process to one OpenTelemetry reader. */
export class SeriesProducer implements MetricProducer {
  readonly #options: ProducerOptions;
  readonly #take: () => Omit<ExportedSeries, 'active'>;
  #start = hrTime();

  constructor(options: ProducerOptions) {
    const { requests, calls, temporality } = options;
    this.#options = options;
    const totals = { requests: requests.table.series, calls: calls.table.series };
    this.#take = temporality === 'delta' ? createDeltaTaker(requests, calls) : () => totals;
  }

  async collect(): Promise<CollectionResult> {
    await this.#options.exported.prepare(this.#options.requests.table.series);
    return { resourceMetrics: { resource: emptyResource(), scopeMetrics: this.read() }, errors: [] };
  }

  /** Collects at once, for a process that is about to exit. */
  read(): ScopeMetrics[] {
    const { exported, temporality, requests } = this.#options;
    const end = hrTime();
    const start = this.#start;
    if (temporality === 'delta') this.#start = end;
    return exported.convert({ ...this.#take(), active: requests.active }, { temporality, start, end });
  }
}
