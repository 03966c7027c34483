import { createRequire, syncBuiltinESMExports } from 'node:module';
import {
  type Attributes,
  type Histogram,
  type Meter,
  type MeterProvider,
  ProxyTracerProvider,
} from '@opentelemetry/api';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { guard } from '../../base/guard.ts';
import { CLIENT_DURATION, SCOPE } from '../../semconv.ts';
import type { OutgoingCalls } from '../outgoing-calls.ts';

/**
 * Measures outgoing calls by upstream's instrumentations: `http` and `https` by HttpInstrumentation with its incoming
 * side off, `fetch` and undici by UndiciInstrumentation.
 * @param ignored an outgoing call to leave out, by its request options: our own pushes
 * @param calls   told of each call too
 * @returns ends it
 */
export function measureOutgoing(
  provider: MeterProvider,
  ignored: (options: object) => boolean,
  calls: OutgoingCalls | undefined,
): () => void {
  const shared = oneUnitlessMeter(provider, calls);
  const http = new HttpInstrumentation({
    disableIncomingRequestInstrumentation: true,
    ignoreOutgoingRequestHook: ignored,
  });
  const undici = new UndiciInstrumentation();
  // Metrics only: without a delegate this one makes spans that nobody records, whatever is registered globally.
  const noTraces = new ProxyTracerProvider();
  for (const instrumentation of [http, undici]) {
    instrumentation.setTracerProvider(noTraces);
    instrumentation.setMeterProvider(shared);
  }
  patchLoaded();
  return () => {
    http.disable();
    undici.disable();
    syncBuiltinESMExports();
  };
}

/**
 * The instrumentation patches a module when it is next required, and the app has long loaded its own; requiring them
 * here patches the objects the app holds, and the sync carries that into named ES imports.
 */
function patchLoaded(): void {
  const require = createRequire(import.meta.url);
  require('node:http');
  require('node:https');
  syncBuiltinESMExports();
}

/**
 * Both instrumentations call the same host under the same labels, which only one meter can add up; and their unit would
 * be appended to the metric's name on the way through the Collector, but not in a scrape.
 */
function oneUnitlessMeter(provider: MeterProvider, calls: OutgoingCalls | undefined): MeterProvider {
  const meter = provider.getMeter(SCOPE);
  let duration: Histogram | undefined;
  const facade: Meter = Object.create(meter, {
    createHistogram: {
      value: (name: string, options: object) => {
        if (name !== CLIENT_DURATION) return meter.createHistogram(name, options);
        duration ??= toldTo(
          calls,
          meter.createHistogram(name, {
            ...options,
            unit: '',
            description: 'Seconds an outgoing HTTP call took.',
          }),
        );
        return duration;
      },
    },
  });
  return { getMeter: () => facade };
}

function toldTo(calls: OutgoingCalls | undefined, duration: Histogram): Histogram {
  if (calls === undefined) return duration;
  return {
    record(seconds, attributes: Attributes = {}, context) {
      duration.record(seconds, attributes, context);
      guard('count an outgoing call', () => calls.record(seconds, attributes));
    },
  };
}
