// OpenTelemetry, set up for metrics as in its documentation: HttpInstrumentation for incoming and outgoing requests,
// and the PrometheusExporter. Views give it our names, bounds and labels. There is no TracerProvider, so spans are
// no-ops, which is its cheapest setup.
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
  // With the default limit of 2,000 series, most of the 10,000 series of the scrape measurement would become one.
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
    // Scrapes are not requests of the app.
    new HttpInstrumentation({ ignoreIncomingRequestHook: (request) => request.url === '/metrics' }),
    new UndiciInstrumentation(),
  ],
});

// Upstream gets no route from a bare server. So series with a route are recorded through the SDK, with the same views.
globalThis.benchRecord = (targets) => {
  const histogram = provider.getMeter('bench').createHistogram('http.server.request.duration');
  for (const [i, { method, path }] of targets.entries()) {
    histogram.record((i % 997) / 1_234, { 'http.route': path, 'http.request.method': method });
  }
};

serveMetrics((request, response) => exporter.getMetricsRequestHandler(request, response));
