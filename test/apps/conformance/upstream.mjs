// A preload as in the documentation of OpenTelemetry: HttpInstrumentation with the views of this package and the exporter
// of OpenTelemetry.
import http from 'node:http';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { createViews } from '../../../dist/metrics/otel/views.js';

const buckets = process.env.APM_BUCKETS.split(',').map(Number);
const exporter = new PrometheusExporter({ preventServerStart: true, withoutScopeInfo: true });
const provider = new MeterProvider({
  views: createViews({ metricNames: 'semconv', metricPrefix: '', buckets }),
  readers: [exporter],
});
const instrumentation = new HttpInstrumentation({ ignoreIncomingRequestHook: ({ url }) => url === '/metrics' });
instrumentation.setMeterProvider(provider);
createRequire(import.meta.url)('node:http');
syncBuiltinESMExports();

const scrape = http.createServer((request, response) => exporter.getMetricsRequestHandler(request, response));
scrape.listen(0, '127.0.0.1', () => console.error(`upstream at http://127.0.0.1:${scrape.address().port}/metrics`));
scrape.unref();
