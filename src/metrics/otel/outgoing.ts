import { syncBuiltinESMExports } from 'node:module';
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
import { CLIENT_DURATION, METHOD, OTHER_METHOD, SCOPE, SERVER_ADDRESS, STATUS_CODE } from '../../semconv.ts';
import type { CallSeries } from '../call-series.ts';
import type { CallLabels } from '../kinds.ts';
import { type CallOptions, hostLabel, targetOfOptions } from './call-target.ts';

/**
 * Measures outgoing calls by upstream's instrumentations: `http` and `https` by HttpInstrumentation with its incoming
 * side off, `fetch` and undici by UndiciInstrumentation.
 * @param ignored     whether a call with these request options is one of our own pushes, which are not measured
 * @param withDetails whether attributes without a label of ours are kept, for `APM_METRIC_NAMES=semconv`
 * @returns ends it
 */
export function measureOutgoing(
  provider: MeterProvider,
  ignored: (options: object) => boolean,
  calls: CallSeries,
  withDetails: boolean,
): () => void {
  const meter = callMeter(provider.getMeter(SCOPE), calls, withDetails);
  const shared: MeterProvider = { getMeter: () => meter };
  const http = new HttpInstrumentation({
    disableIncomingRequestInstrumentation: true,
    ignoreOutgoingRequestHook: ignored,
    // Of the attributes that a hook returns, only a few reach the metrics, and the scheme is not among them.
    startOutgoingSpanHook: (options) => ({ [SERVER_ADDRESS]: targetOfOptions(options as CallOptions) as never }),
  });
  const undici = new UndiciInstrumentation();
  // Metrics only: without a delegate this provider's spans are never recorded, whatever is registered globally.
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
 * The instrumentation patches a module when it is required next, and the app required its own before. Requiring them here
 * patches the objects that the app holds, and the sync carries the patch into named ES imports.
 */
function patchLoaded(): void {
  require('node:http');
  require('node:https');
  syncBuiltinESMExports();
}

/** Attributes of a call that both vocabularies have labels for; the others are its details. */
const LABELS: readonly string[] = [METHOD, STATUS_CODE];

/**
 * A meter whose client duration is counted in our own series. Both instrumentations record calls to the same host under
 * the same labels, which only one place can add up.
 */
function callMeter(meter: Meter, calls: CallSeries, withDetails: boolean): Meter {
  const duration: Histogram = {
    record(seconds, attributes: Attributes = {}) {
      guard('count an outgoing call', () => calls.record(labelsOf(attributes, withDetails), seconds));
    },
  };
  return Object.create(meter, {
    createHistogram: {
      value: (name: string, options: object) =>
        name === CLIENT_DURATION ? duration : meter.createHistogram(name, options),
    },
  });
}

function labelsOf(recorded: Attributes, withDetails: boolean): CallLabels {
  const attributes = { ...recorded, ...targetOf(recorded) };
  const { [METHOD]: method = OTHER_METHOD, [STATUS_CODE]: status } = attributes;
  const labels = {
    host: hostLabel(attributes),
    method: String(method),
    status: status === undefined ? undefined : Number(status),
  };
  if (!withDetails) return labels;
  const details = Object.entries(attributes)
    .filter(([name, value]) => !LABELS.includes(name) && value !== undefined)
    // In one order, because the two instrumentations record the same attributes in different orders.
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return { ...labels, details: JSON.stringify(Object.fromEntries(details)) };
}

/** HttpInstrumentation records what our hook returned. UndiciInstrumentation writes an IPv6 address as in a URL. */
function targetOf({ [SERVER_ADDRESS]: address }: Attributes): Attributes {
  if (typeof address === 'object') return address as unknown as Attributes;
  return address === undefined ? {} : { [SERVER_ADDRESS]: String(address).replace(/^\[|\]$/g, '') };
}
