// The bounds that others use by default, as their packages have them.
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics';
import promClient from 'prom-client';
import { DEFAULT_BUCKETS } from '../../dist/semconv.js';

class Reader extends MetricReader {
  async onForceFlush() {}
  async onShutdown() {}
}

/** The bounds that the SDK gives to a histogram that was made with these options. */
async function sdkBounds(options) {
  const reader = new Reader();
  const provider = new MeterProvider({ readers: [reader] });
  provider.getMeter('bench').createHistogram('durations', options).record(1);
  const { resourceMetrics } = await reader.collect();
  await provider.shutdown();
  return resourceMetrics.scopeMetrics[0].metrics[0].dataPoints[0].value.buckets.boundaries;
}

/** What `@opentelemetry/instrumentation-http` asks for when it creates `http.server.request.duration`. */
function instrumentationOptions() {
  process.env.OTEL_SEMCONV_STABILITY_OPT_IN = 'http';
  const created = {};
  const provider = new MeterProvider();
  const instrumentation = new HttpInstrumentation({ enabled: false });
  instrumentation.setMeterProvider({
    getMeter(...names) {
      const meter = provider.getMeter(...names);
      const createHistogram = (name, options) => {
        created[name] = options;
        return meter.createHistogram(name, options);
      };
      return Object.assign(Object.create(meter), { createHistogram });
    },
  });
  return created['http.server.request.duration'];
}

export const BOUNDS = {
  'our explicit buckets': DEFAULT_BUCKETS,
  'OpenTelemetry, instrumentation-http': await sdkBounds(instrumentationOptions()),
  'OpenTelemetry, SDK default': await sdkBounds({}),
  'prom-client': new promClient.Histogram({ name: 'durations', help: 'd', registers: [] }).upperBounds,
};
