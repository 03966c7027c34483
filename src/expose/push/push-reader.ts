import { context, type HrTime } from '@opentelemetry/api';
import { ExportResultCode, hrTime, suppressTracing } from '@opentelemetry/core';
import { emptyResource } from '@opentelemetry/resources';
import {
  MetricReader,
  type PushMetricExporter,
  type ResourceMetrics,
  type ScopeMetrics,
} from '@opentelemetry/sdk-metrics';
import { log } from '../../base/log.ts';
import { clearInterval, setInterval } from '../../base/timers.ts';
import { collectNow } from '../../metrics/otel/collect-now.ts';
import { reportCollectionErrors } from '../../metrics/otel/collection-errors.ts';
import type { SeriesProducer } from '../../metrics/otel/producer.ts';
import { hideFirstErrors, zeroOf } from '../first-errors.ts';
import { type CountByMetric, countByMetric, hasChangedSince } from './changed-since.ts';
import { setDeltaInterval } from './delta-interval.ts';
import { fixTimestamps } from './fix-timestamps.ts';
import { addPendingDeltas } from './pending-deltas.ts';

export interface PushOptions {
  readonly exporter: PushMetricExporter;
  readonly producer: SeriesProducer;
  readonly intervalMillis: number;
  /** Longest time that the app's own observable callbacks may take. */
  readonly timeoutMillis: number;
  /** Called after each push, except where there was nothing to send. */
  readonly onPushEnded: (error: Error | undefined) => void;
  /** Pushes synchronously, from within an `exit` listener. */
  readonly pushAtExit: (metrics: readonly ScopeMetrics[]) => void;
}

/**
 * Pushes at an interval, one push at a time. It replaces the PeriodicExportingMetricReader of OpenTelemetry, which keeps a
 * finished process alive by its timer, starts a push while a slow one is in flight, and loses the deltas of a failed one.
 */
export class PushReader extends MetricReader {
  readonly #options: PushOptions;
  #timer: NodeJS.Timeout | undefined;
  #inFlight: Promise<void> | undefined;
  #pending: ResourceMetrics | undefined;
  /** The totals of the last push that arrived. */
  #delivered: CountByMetric = new Map();
  /** The end of the last push that arrived; at first, the start of the process. */
  #deliveredUntil: HrTime = hrTime(0);
  /** The series of failures that a push which arrived has had. */
  readonly #deliveredErrors = new Set<string>();

  constructor(options: PushOptions) {
    const { exporter, producer } = options;
    super({
      aggregationSelector: (type) => exporter.selectAggregation?.(type) ?? { type: 0 },
      aggregationTemporalitySelector: (type) => exporter.selectAggregationTemporality?.(type) ?? 1,
      metricProducers: [producer],
    });
    this.#options = options;
  }

  protected override onInitialized(): void {
    this.#timer = setInterval(() => void this.#push(), this.#options.intervalMillis);
    this.#timer.unref();
    // Runs before the app's own listeners, which may end the process or throw.
    process.prependListener('exit', this.#onExit);
  }

  /** Joins a push that is in flight. Never rejects. */
  #push(isLast = false): Promise<void> {
    this.#inFlight ??= this.#collectAndExport(isLast)
      .then((isExported) => {
        if (isExported) this.#options.onPushEnded(undefined);
      }, this.#options.onPushEnded)
      .finally(() => {
        this.#inFlight = undefined;
      });
    return this.#inFlight;
  }

  async #collectAndExport(isLast: boolean): Promise<boolean> {
    const { exporter, timeoutMillis } = this.#options;
    const { resourceMetrics, errors } = await this.collect({ timeoutMillis });
    reportCollectionErrors(errors, resourceMetrics.scopeMetrics, this);
    const collected = fixTimestamps(resourceMetrics);
    // A reader gets each delta once, so the deltas of a failed push are kept, and added to the next one.
    this.#pending = addPendingDeltas(this.#pending, collected);
    if (this.#pending.scopeMetrics.length === 0) return false;
    const end = hrTime();
    setDeltaInterval(this.#pending, this.#deliveredUntil, end);
    const { scopes, hidden } = this.#hideFirstErrors(this.#pending.scopeMetrics, isLast);
    await exportMetrics(exporter, { ...this.#pending, scopeMetrics: scopes });
    for (const { key } of hidden) this.#deliveredErrors.add(key);
    this.#deliveredUntil = end;
    this.#delivered = countByMetric(scopes);
    this.#pending = undefined;
    return true;
  }

  /** After the last push there is none with the values, so the last push has both: 0 before, and the value now. */
  #hideFirstErrors(scopes: ScopeMetrics[], isLast: boolean) {
    const before = this.#deliveredUntil;
    return hideFirstErrors(scopes, this.#deliveredErrors, (point) =>
      isLast ? [{ ...zeroOf(point), startTime: before, endTime: before }, point] : [zeroOf(point)],
    );
  }

  /** Pushes what the last push did not have. A push in flight may still fail, so its deltas are pushed again. */
  readonly #onExit = (): void => {
    try {
      const scopeMetrics = [...this.#options.producer.read(), ...collectNow(this)];
      const latest = fixTimestamps({ resource: emptyResource(), scopeMetrics });
      const all = addPendingDeltas(this.#pending, latest);
      setDeltaInterval(all, this.#deliveredUntil, hrTime());
      if (!hasChangedSince(all.scopeMetrics, this.#delivered)) return;
      this.#options.pushAtExit(this.#hideFirstErrors(all.scopeMetrics, true).scopes);
    } catch (cause) {
      log.debug(`failed to push at exit: ${cause}`);
    }
  };

  protected override onForceFlush(): Promise<void> {
    return this.#flush(false);
  }

  async #flush(isLast: boolean): Promise<void> {
    await this.#inFlight;
    await this.#push(isLast);
    await this.#options.exporter.forceFlush();
  }

  protected override async onShutdown(): Promise<void> {
    clearInterval(this.#timer);
    process.off('exit', this.#onExit);
    await this.#flush(true);
    await this.#options.exporter.shutdown();
  }
}

/** The request has no span in an OpenTelemetry SDK beside us, like the pushes of that SDK itself. */
function exportMetrics(exporter: PushMetricExporter, metrics: ResourceMetrics): Promise<void> {
  return new Promise((resolve, reject) => {
    context.with(suppressTracing(context.active()), () => {
      exporter.export(metrics, ({ code, error }) => {
        if (code === ExportResultCode.SUCCESS) resolve();
        else reject(error ?? new Error('the exporter gave no reason'));
      });
    });
  });
}
