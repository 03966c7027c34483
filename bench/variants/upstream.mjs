// OpenTelemetry as its documentation sets it up for metrics: HttpInstrumentation, incoming and outgoing, and the
// PrometheusExporter, under views with our names, bounds and labels. Without a TracerProvider its spans are no-ops,
// which is its cheapest form.
import { metrics } from '@opentelemetry/api';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { registerInstrumentations } from '@opentelemetry/instrumentation';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { AggregationType, createAllowListAttributesProcessor, MeterProvider } from '@opentelemetry/sdk-metrics';
import { BOUNDS } from './bounds.mjs';
import { serveMetrics } from './serve-metrics.mjs';

const view = (instrumentName, name, attributes) => ({
  instrumentName,
  name,
  aggregation: { type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM, options: { boundaries: BOUNDS } },
  // Its default of 2,000 series would fold the 10,000 of the scrape measurement into one.
  aggregationCardinalityLimit: 20_000,
  attributesProcessors: [createAllowListAttributesProcessor(attributes)],
});

const exporter = new PrometheusExporter({ preventServerStart: true, withoutScopeInfo: true });
const provider = new MeterProvider({
  readers: [exporter],
  views: [
    view('http.server.request.duration', 'http_duration', ['http.route', 'http.request.method']),
    view('http.client.request.duration', 'http_client_duration', [
      'server.address',
      'http.request.method',
      'http.response.status_code',
    ]),
  ],
});
metrics.setGlobalMeterProvider(provider);

registerInstrumentations({
  instrumentations: [
    // Its own scrapes are not the app's requests.
    new HttpInstrumentation({ ignoreIncomingRequestHook: (request) => request.url === '/metrics' }),
    new UndiciInstrumentation(),
  ],
});

// A bare server gives upstream no route, so series with one are recorded through the SDK, under the same views.
globalThis.benchRecord = (targets) => {
  const histogram = provider.getMeter('bench').createHistogram('http.server.request.duration');
  for (const [i, { method, path }] of targets.entries()) {
    histogram.record((i % 997) / 1_234, { 'http.route': path, 'http.request.method': method });
  }
};

serveMetrics((request, response) => exporter.getMetricsRequestHandler(request, response));
