import * as parse from './parsers.ts';
import { optional, row, type Variable } from './variable.ts';

const milliseconds = parse.integer(1, 2 ** 31 - 1);
const MILLISECONDS = 'a whole number of milliseconds, 1 or more';

/** When and how metrics are pushed. */
export const push = {
  exportInterval: row({
    variable: 'OTEL_METRIC_EXPORT_INTERVAL',
    expected: MILLISECONDS,
    parse: milliseconds,
    fallback: 15_000,
    meaning: 'Time between two pushes, milliseconds.',
  }),
  exportTimeout: row({
    variable: 'OTEL_METRIC_EXPORT_TIMEOUT',
    expected: MILLISECONDS,
    parse: milliseconds,
    fallback: 30_000,
    meaning: 'Longest time of one push, milliseconds; `OTEL_EXPORTER_OTLP_TIMEOUT` holds where it is shorter.',
  }),
  temporality: row({
    variable: 'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE',
    expected: 'cumulative, delta or lowmemory',
    parse: parse.oneOf('cumulative', 'delta', 'lowmemory'),
    fallback: 'cumulative' as const,
    meaning: 'Whether pushed values are totals or differences.',
  }),
  histogramAggregation: row({
    variable: 'OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION',
    expected: 'explicit_bucket_histogram or base2_exponential_bucket_histogram',
    parse: parse.oneOf('explicit_bucket_histogram', 'base2_exponential_bucket_histogram'),
    fallback: 'explicit_bucket_histogram' as const,
    meaning: "For the app's own pushed histograms; ours have the bounds of `APM_BUCKETS`.",
  }),
};

/** Variables that exist twice: for every signal, and for metrics, which wins. */
const both = <T>(ending: string, rest: Omit<Variable<T>, 'fallback' | 'variable'>) => ({
  signals: optional({ ...rest, variable: `OTEL_EXPORTER_OTLP_${ending}` }),
  metrics: optional({
    ...rest,
    variable: `OTEL_EXPORTER_OTLP_METRICS_${ending}`,
    meaning: 'The same for metrics alone; it wins.',
  }),
});

const protocol = both('PROTOCOL', {
  expected: 'http/protobuf, http/json or grpc',
  parse: parse.oneOf('http/protobuf', 'http/json', 'grpc'),
  shown: 'http/protobuf',
  meaning: 'How metrics are pushed.',
});
const endpoint = both('ENDPOINT', {
  expected: 'an http:// or https:// URL, or host:port',
  parse: parse.endpoint,
  shown: 'http://localhost:4318, for grpc http://localhost:4317',
  meaning: 'Where metrics are pushed.',
});
const headers = both('HEADERS', {
  expected: 'header=value pairs separated by commas, percent-encoded',
  parse: parse.headers,
  shown: 'none',
  // Upstream's exporters read the variable too, pair by pair.
  instead: { value: {}, shown: 'the pairs that can be read are used' },
  secret: true,
  meaning: 'Headers of each push.',
});
const timeout = both('TIMEOUT', {
  expected: MILLISECONDS,
  parse: milliseconds,
  shown: '10000',
  meaning: 'Longest time of one push, milliseconds.',
});
const compression = both('COMPRESSION', {
  expected: 'gzip or none',
  parse: parse.oneOf('gzip', 'none'),
  shown: 'none',
  meaning: 'Compression of each push.',
});
const readable = { expected: 'a file that can be read', parse: parse.file, shown: 'none' };
const certificate = both('CERTIFICATE', { ...readable, meaning: 'Certificate authority of the receiver, PEM.' });
const clientKey = both('CLIENT_KEY', {
  ...readable,
  // The key itself may be given where its file is expected.
  secret: true,
  meaning: 'Private key for mTLS, PEM.',
});
const clientCertificate = both('CLIENT_CERTIFICATE', { ...readable, meaning: 'Certificate for mTLS, PEM.' });
const insecure = both('INSECURE', {
  expected: 'true or false',
  parse: parse.boolean,
  shown: 'false',
  meaning: 'Whether an endpoint without a scheme is reached without TLS.',
});

/** Where they are pushed to, each variable for metrics and for every signal. */
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
