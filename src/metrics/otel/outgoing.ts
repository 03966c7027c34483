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
import { loadBuiltin } from '../../base/builtin.ts';
import { guard } from '../../base/guard.ts';
import { CLIENT_DURATION, METHOD, OTHER_METHOD, SCOPE, SERVER_ADDRESS, STATUS_CODE } from '../../semconv.ts';
import type { CallSeries } from '../call-series.ts';
import type { CallLabels } from '../kinds.ts';
import { type CallOptions, hostLabel, targetOfOptions } from './call-target.ts';

export interface OutgoingOptions {
  readonly provider: MeterProvider;
  readonly calls: CallSeries;
  /** Whether a call with these request options is left alone, such as one of our own pushes. */
  isIgnored(options: object): boolean;
  /** Whether attributes without a label of ours are kept, for `APM_METRIC_NAMES=semconv`. */
  readonly withDetails: boolean;
}

/**
 * Measures outgoing calls by upstream's instrumentations: `http` and `https` by HttpInstrumentation with its incoming
 * side off, `fetch` and undici by UndiciInstrumentation.
 * @returns ends it
 */
export function measureOutgoing(options: OutgoingOptions): () => void {
  const { provider, calls, isIgnored, withDetails } = options;
  const meter = callMeter(provider.getMeter(SCOPE), calls, withDetails);
  const shared: MeterProvider = { getMeter: () => meter };
  const http = new LoadedHttpInstrumentation({
    enabled: false,
    disableIncomingRequestInstrumentation: true,
    ignoreOutgoingRequestHook: isIgnored,
    // Of the attributes that a hook returns, only a few reach the metrics, and the scheme is not among them.
    startOutgoingSpanHook: (options) => ({ [SERVER_ADDRESS]: targetOfOptions(options as CallOptions) as never }),
  });
  const undici = new UndiciInstrumentation({ ignoreRequestHook: isIgnored });
  // Metrics only: without a delegate this provider's spans are never recorded, whatever is registered globally.
  const noTraces = new ProxyTracerProvider();
  for (const instrumentation of [http, undici]) {
    instrumentation.setTracerProvider(noTraces);
    instrumentation.setMeterProvider(shared);
  }
  const restore = http.patchLoaded();
  return () => {
    restore();
    undici.disable();
  };
}

type Patchable = Record<string, unknown>;
const MODULES: Readonly<Record<string, Patchable>> = {
  http: loadBuiltin<Patchable>('node:http'),
  https: loadBuiltin<Patchable>('node:https'),
};

/**
 * Patches the modules that the app has loaded, without a hook on `require`. Requiring them here would run the hooks of
 * other tools, which then patch what they had not patched without us.
 */
class LoadedHttpInstrumentation extends HttpInstrumentation {
  /** @returns restores each function, unless another tool has wrapped it since: `disable` would remove that wrapper */
  patchLoaded(): () => void {
    const restores = this.init().flatMap(({ name, patch }) => {
      const module = MODULES[name] as Record<string, unknown>;
      const { request, get } = module;
      patch?.(module);
      return Object.entries({ request, get }).map(([key, original]) => {
        const ours = module[key];
        return () => {
          if (module[key] === ours) module[key] = original;
        };
      });
    });
    // Carries the functions into named imports of ES modules.
    syncBuiltinESMExports();
    return () => {
      for (const restore of restores) restore();
      syncBuiltinESMExports();
    };
  }
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
