import type { Config } from './variables.ts';

/**
 * Options of `setupApm` for pushes by OTLP. They need `exporters` with `otlp`. One option stands for both of its
 * variables, the one for all signals and the one for metrics alone.
 */
export interface OtlpOptions {
  /**
   * Time between two pushes, in milliseconds.
   *
   * Expected: a whole number of milliseconds, 1 or more; otherwise the default is used.
   * Variable: `OTEL_METRIC_EXPORT_INTERVAL`.
   * @defaultValue `15000`
   */
  readonly exportInterval?: Config['exportInterval'];
  /**
   * Longest time of one push, in milliseconds; a shorter `OTEL_EXPORTER_OTLP_TIMEOUT` wins.
   *
   * Expected: a whole number of milliseconds, 1 or more; otherwise the default is used.
   * Variable: `OTEL_METRIC_EXPORT_TIMEOUT`.
   * @defaultValue `30000`
   */
  readonly exportTimeout?: Config['exportTimeout'];
  /**
   * Whether pushed values are totals (`cumulative`) or differences since the last push (`delta`); `lowmemory` is
   * `delta`, except for observable instruments.
   *
   * Expected: cumulative, delta or lowmemory; otherwise the default is used.
   * Variable: `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE`.
   * @defaultValue `cumulative`
   */
  readonly temporality?: Config['temporality'];
  /**
   * Kind of pushed histograms; `APM_HISTOGRAM` wins for the durations of this package.
   *
   * Expected: explicit_bucket_histogram or base2_exponential_bucket_histogram; otherwise the default is used.
   * Variable: `OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION`.
   * @defaultValue `explicit_bucket_histogram`
   */
  readonly histogramAggregation?: Config['histogramAggregation'];
  /**
   * Kind of the pushed histograms of durations: with the bounds of `APM_BUCKETS` (`explicit`), or with base-2
   * exponential buckets (`exponential`), which Prometheus 3 stores as native histograms. The text of a scrape always
   * has the bounds.
   *
   * Expected: explicit or exponential; otherwise the default is used.
   * Variable: `APM_HISTOGRAM`.
   * @defaultValue OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION
   */
  readonly histogram?: Config['histogram'];
  /**
   * Where metrics are pushed to; `/v1/metrics` is added to it, except for gRPC.
   *
   * Expected: an http:// or https:// URL, or host:port; otherwise the default is used.
   * Variable: `OTEL_EXPORTER_OTLP_ENDPOINT`.
   * @defaultValue http://localhost:4318, for grpc http://localhost:4317
   */
  readonly otlpEndpoint?: Config['otlpEndpoint'];
  /**
   * Protocol of each push.
   *
   * Expected: http/protobuf, http/json or grpc; otherwise the default is used.
   * Variable: `OTEL_EXPORTER_OTLP_PROTOCOL`.
   * @defaultValue http/protobuf
   */
  readonly otlpProtocol?: Config['otlpProtocol'];
  /**
   * Headers of each push. They win over headers of the environment, one by one.
   *
   * Expected: header=value pairs separated by commas, percent-encoded; an entry that is not valid is ignored.
   * Variable: `OTEL_EXPORTER_OTLP_HEADERS`.
   * @defaultValue none
   */
  readonly otlpHeaders?: Config['otlpHeaders'];
  /**
   * Longest time of one push, in milliseconds.
   *
   * Expected: a whole number of milliseconds, 1 or more; otherwise the default is used.
   * Variable: `OTEL_EXPORTER_OTLP_TIMEOUT`.
   * @defaultValue 10000
   */
  readonly otlpTimeout?: Config['otlpTimeout'];
  /**
   * Compression of each push.
   *
   * Expected: gzip or none; otherwise the default is used.
   * Variable: `OTEL_EXPORTER_OTLP_COMPRESSION`.
   * @defaultValue none
   */
  readonly otlpCompression?: Config['otlpCompression'];
  /**
   * File with the certificate authority of the receiver, PEM.
   *
   * Expected: a readable file; otherwise the default is used.
   * Variable: `OTEL_EXPORTER_OTLP_CERTIFICATE`.
   * @defaultValue none
   */
  readonly otlpCertificate?: string;
  /**
   * File with the private key for mTLS, PEM.
   *
   * Expected: a readable file; otherwise the default is used.
   * Variable: `OTEL_EXPORTER_OTLP_CLIENT_KEY`.
   * @defaultValue none
   */
  readonly otlpClientKey?: string;
  /**
   * File with the certificate for mTLS, PEM.
   *
   * Expected: a readable file; otherwise the default is used.
   * Variable: `OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE`.
   * @defaultValue none
   */
  readonly otlpClientCertificate?: string;
  /**
   * Whether an endpoint without a scheme is called by http:// instead of https://.
   *
   * Expected: true or false; otherwise the default is used.
   * Variable: `OTEL_EXPORTER_OTLP_INSECURE`.
   * @defaultValue false
   */
  readonly otlpInsecure?: Config['otlpInsecure'];
}
