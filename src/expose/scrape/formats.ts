import type { ResourceMetrics } from '@opentelemetry/sdk-metrics';
import { lazy } from '../../base/lazy.ts';
import type { HistogramKind } from '../../metrics/otel/histogram-form.ts';
import { exposition } from './exposition.ts';
import { CONTENT_TYPE } from './http-handler.ts';
import { prefersProtobuf } from './negotiate.ts';

/** Loaded only where a scraper asks for it. */
const protobuf = lazy<typeof import('./protobuf/protobuf-exposition.ts')>(() =>
  require('./protobuf/protobuf-exposition.js'),
);

/** A form in which a scrape is answered. */
export interface Format {
  readonly contentType: string;
  /** What it can show of durations. */
  readonly histograms: HistogramKind;
  /** Writes in steps, between which the caller can yield to the app. */
  write(metrics: ResourceMetrics): Iterable<readonly Buffer[]>;
}

export const TEXT: Format = {
  contentType: CONTENT_TYPE,
  histograms: 'explicit',
  *write(metrics) {
    for (const text of exposition(metrics)) yield [Buffer.from(text)];
  },
};

/** For a Prometheus with `scrape_native_histograms: true`. The text format has no native histograms. */
const PROTOBUF: Format = {
  contentType: 'application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited',
  histograms: 'both',
  write: (metrics) => protobuf().protobufExposition(metrics),
};

/** @param accept the header of that name */
export const chooseFormat = (accept: string | undefined): Format => (prefersProtobuf(accept) ? PROTOBUF : TEXT);
