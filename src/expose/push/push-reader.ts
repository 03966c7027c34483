import { clearInterval, setInterval } from 'node:timers';
import { ExportResultCode } from '@opentelemetry/core';
import { emptyResource } from '@opentelemetry/resources';
import {
  MetricReader,
  type PushMetricExporter,
  type ResourceMetrics,
  type ScopeMetrics,
} from '@opentelemetry/sdk-metrics';
import { log } from '../../base/log.ts';
import { collectNow } from '../../metrics/otel/collect-now.ts';
import type { SeriesProducer } from '../../metrics/otel/producer.ts';
import { type CountByMetric, countByMetric, hasChangedSince } from './changed-since.ts';
import { fixTimestamps } from './fix-timestamps.ts';
import { addPendingDeltas } from './pending-deltas.ts';

export interface PushOptions {
  readonly exporter: PushMetricExporter;
  readonly producer: SeriesProducer;
  readonly intervalMillis: number;
  /** Longest time the app's own callbacks may take to observe a value. */
  readonly timeoutMillis: number;
  /** Told how each push ended; nothing where there was nothing to send. */
  readonly onPushEnded: (error: Error | undefined) => void;
  /** Pushes from within an `exit` listener. */
  readonly pushAtExit: (metrics: readonly ScopeMetrics[]) => void;
}

/**
 * Pushes at an interval, one push at a time. Upstream's periodic reader waits on a timer that keeps a finished process
 * alive, begins the next push while a slow one is under way, and forgets the differences of one that failed.
 */
export class PushReader extends MetricReader {
  readonly #options: PushOptions;
  #timer: NodeJS.Timeout | undefined;
  #underWay: Promise<void> | undefined;
  #unsent: ResourceMetrics | undefined;
  /** How much had been counted when a push last arrived. */
  #arrived: CountByMetric = new Map();

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
    // Before the app's own, which may end or throw.
    process.prependListener('exit', this.#onExit);
  }

  /** A push that is under way is the one. Never rejects. */
  #push(): Promise<void> {
    this.#underWay ??= this.#once()
      .then((isSent) => {
        if (isSent) this.#options.onPushEnded(undefined);
      }, this.#options.onPushEnded)
      .finally(() => {
        this.#underWay = undefined;
      });
    return this.#underWay;
  }

  async #once(): Promise<boolean> {
    const { exporter, timeoutMillis } = this.#options;
    const collected = fixTimestamps((await this.collect({ timeoutMillis })).resourceMetrics);
    // Readers are given a difference once: one whose push fails is part of the next by way of `#unsent`.
    this.#unsent = addPendingDeltas(this.#unsent, collected);
    if (this.#unsent.scopeMetrics.length === 0) return false;
    await exportMetrics(exporter, this.#unsent);
    this.#arrived = countByMetric(this.#unsent.scopeMetrics);
    this.#unsent = undefined;
    return true;
  }

  /** What has been counted since the last push. A push that is under way may arrive or not: its differences go again. */
  readonly #onExit = (): void => {
    try {
      const scopeMetrics = [...this.#options.producer.read(), ...collectNow(this)];
      const latest = fixTimestamps({ resource: emptyResource(), scopeMetrics });
      const all = addPendingDeltas(this.#unsent, latest).scopeMetrics;
      if (hasChangedSince(all, this.#arrived)) this.#options.pushAtExit(all);
    } catch (cause) {
      log.debug(`what was counted last has not been pushed: ${cause}`);
    }
  };

  protected override async onForceFlush(): Promise<void> {
    await this.#underWay;
    await this.#push();
    await this.#options.exporter.forceFlush();
  }

  protected override async onShutdown(): Promise<void> {
    clearInterval(this.#timer);
    process.off('exit', this.#onExit);
    await this.onForceFlush();
    await this.#options.exporter.shutdown();
  }
}

function exportMetrics(exporter: PushMetricExporter, metrics: ResourceMetrics): Promise<void> {
  return new Promise((resolve, reject) => {
    exporter.export(metrics, ({ code, error }) => {
      if (code === ExportResultCode.SUCCESS) resolve();
      else reject(error ?? new Error('no reason given'));
    });
  });
}
