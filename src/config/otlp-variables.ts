import * as parse from './parsers.ts';
import { findSeconds } from './unit-mistake.ts';
import { optional, type Variable, withDefault } from './variable.ts';

const milliseconds = parse.integer(1, 2 ** 31 - 1);
const MILLISECONDS = 'a whole number of milliseconds, 1 or more';

/** When metrics are pushed, and in which form. */
export const push = {
  exportInterval: withDefault({
    variable: 'OTEL_METRIC_EXPORT_INTERVAL',
    expected: MILLISECONDS,
    parse: milliseconds,
    findMistake: findSeconds,
    fallback: 15_000,
    meaning: 'Time between two pushes, in milliseconds.',
  }),
  exportTimeout: withDefault({
    variable: 'OTEL_METRIC_EXPORT_TIMEOUT',
    expected: MILLISECONDS,
    parse: milliseconds,
    findMistake: findSeconds,
    fallback: 30_000,
    meaning: 'Longest time of one push, in milliseconds; a shorter `OTEL_EXPORTER_OTLP_TIMEOUT` wins.',
  }),
  temporality: withDefault({
    variable: 'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE',
    expected: 'cumulative, delta or lowmemory',
    parse: parse.oneOf('cumulative', 'delta', 'lowmemory'),
    fallback: 'cumulative' as const,
    meaning:
      'Whether pushed values are totals (`cumulative`) or differences since the last push (`delta`); `lowmemory` is `delta`, except for observable instruments.',
  }),
  histogramAggregation: withDefault({
    variable: 'OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION',
    expected: 'explicit_bucket_histogram or base2_exponential_bucket_histogram',
    parse: parse.oneOf('explicit_bucket_histogram', 'base2_exponential_bucket_histogram'),
    fallback: 'explicit_bucket_histogram' as const,
    meaning: 'Kind of pushed histograms; `APM_HISTOGRAM` wins for the durations of this package.',
  }),
  histogram: optional({
    variable: 'APM_HISTOGRAM',
    expected: 'explicit or exponential',
    parse: parse.oneOf('explicit', 'exponential'),
    fallbackText: 'OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION',
    usedInstead: ({ histogramAggregation }) =>
      histogramAggregation === 'base2_exponential_bucket_histogram' ? 'exponential' : 'explicit',
    meaning:
      'Kind of the pushed histograms of durations: with the bounds of `APM_BUCKETS` (`explicit`), or with base-2 exponential buckets (`exponential`), which Prometheus 3 stores as native histograms. The text of a scrape always has the bounds.',
  }),
};

/** One option of `setupApm`, and its two variables: for all signals, and for metrics alone, which wins. */
const forSignalsAndMetrics = <T>(
  ending: string,
  option: string,
  rest: Omit<Variable<T>, 'fallback' | 'variable'>,
  metricsMeaning = `Wins over \`OTEL_EXPORTER_OTLP_${ending}\`, for metrics alone.`,
) => ({
  signals: optional({ ...rest, variable: `OTEL_EXPORTER_OTLP_${ending}` }),
  metrics: optional({
    ...rest,
    variable: `OTEL_EXPORTER_OTLP_METRICS_${ending}`,
    meaning: metricsMeaning,
    usedInstead: (config) => (config[option] === undefined ? undefined : `OTEL_EXPORTER_OTLP_${ending}`),
    replacedBy: option,
  }),
});

const protocol = forSignalsAndMetrics('PROTOCOL', 'otlpProtocol', {
  expected: 'http/protobuf, http/json or grpc',
  parse: parse.oneOf('http/protobuf', 'http/json', 'grpc'),
  fallbackText: 'http/protobuf',
  meaning: 'Protocol of each push.',
});
const endpoint = forSignalsAndMetrics(
  'ENDPOINT',
  'otlpEndpoint',
  {
    expected: 'an http:// or https:// URL, or host:port',
    parse: parse.endpoint,
    fallbackText: 'http://localhost:4318, for grpc http://localhost:4317',
    meaning: 'Where metrics are pushed to; `/v1/metrics` is added to it, except for gRPC.',
  },
  'Where metrics are pushed to, as a complete URL; wins over `OTEL_EXPORTER_OTLP_ENDPOINT`.',
);
const headers = forSignalsAndMetrics('HEADERS', 'otlpHeaders', {
  expected: 'header=value pairs separated by commas, percent-encoded',
  parse: parse.headers,
  fallbackText: 'none',
  secret: true,
  meaning: 'Headers of each push.',
});
const timeout = forSignalsAndMetrics('TIMEOUT', 'otlpTimeout', {
  expected: MILLISECONDS,
  parse: milliseconds,
  findMistake: findSeconds,
  fallbackText: '10000',
  meaning: 'Longest time of one push, in milliseconds.',
});
const compression = forSignalsAndMetrics('COMPRESSION', 'otlpCompression', {
  expected: 'gzip or none',
  parse: parse.oneOf('gzip', 'none'),
  fallbackText: 'none',
  meaning: 'Compression of each push.',
});
const READABLE_FILE = { expected: 'a readable file', parse: parse.file, fallbackText: 'none' };
const certificate = forSignalsAndMetrics('CERTIFICATE', 'otlpCertificate', {
  ...READABLE_FILE,
  meaning: 'File with the certificate authority of the receiver, PEM.',
});
const clientKey = forSignalsAndMetrics('CLIENT_KEY', 'otlpClientKey', {
  ...READABLE_FILE,
  // Secret, because the key itself may be given by mistake instead of its file.
  secret: true,
  meaning: 'File with the private key for mTLS, PEM.',
});
const clientCertificate = forSignalsAndMetrics('CLIENT_CERTIFICATE', 'otlpClientCertificate', {
  ...READABLE_FILE,
  meaning: 'File with the certificate for mTLS, PEM.',
});
const insecure = forSignalsAndMetrics('INSECURE', 'otlpInsecure', {
  expected: 'true or false',
  parse: parse.boolean,
  fallbackText: 'false',
  meaning: 'Whether an endpoint without a scheme is called by http:// instead of https://.',
});

/** The receiver, and how it is called. */
export const otlp = {
  otlpEndpoint: endpoint.signals,
  otlpMetricsEndpoint: endpoint.metrics,
  otlpProtocol: protocol.signals,
  otlpMetricsProtocol: protocol.metrics,
  otlpHeaders: headers.signals,
  otlpMetricsHeaders: headers.metrics,
  otlpTimeout: timeout.signals,
  otlpMetricsTimeout: timeout.metrics,
  otlpCompression: compression.signals,
  otlpMetricsCompression: compression.metrics,
  otlpCertificate: certificate.signals,
  otlpMetricsCertificate: certificate.metrics,
  otlpClientKey: clientKey.signals,
  otlpMetricsClientKey: clientKey.metrics,
  otlpClientCertificate: clientCertificate.signals,
  otlpMetricsClientCertificate: clientCertificate.metrics,
  otlpInsecure: insecure.signals,
  otlpMetricsInsecure: insecure.metrics,
};
