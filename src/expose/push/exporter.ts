import { createRequire } from 'node:module';
import type { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { AggregationType, InstrumentType, type PushMetricExporter } from '@opentelemetry/sdk-metrics';
import { reportFailure } from '../../base/guard.ts';
import { log } from '../../base/log.ts';
import type { Config } from '../../config/variables.ts';
import type { PushAgents } from './agents.ts';

export type Protocol = 'http/protobuf' | 'http/json' | 'grpc';

const PACKAGE: Record<Protocol, string> = {
  'http/protobuf': '@opentelemetry/exporter-metrics-otlp-proto',
  'http/json': '@opentelemetry/exporter-metrics-otlp-http',
  grpc: '@opentelemetry/exporter-metrics-otlp-grpc',
};

type ExporterOptions = NonNullable<ConstructorParameters<typeof OTLPMetricExporter>[0]>;

/** What upstream's exporters take, from the variables. */
export function exporterOptions(
  config: Config,
  protocol: Protocol,
  { agents, ...target }: { url: string; timeoutMillis: number; agents: PushAgents },
): ExporterOptions {
  return {
    ...target,
    compression: (config.otlpMetricsCompression ?? config.otlpCompression ?? 'none') as CompressionAlgorithm,
    temporalityPreference: TEMPORALITY[config.temporality],
    aggregationPreference: (type: InstrumentType) => ({
      type:
        type === InstrumentType.HISTOGRAM && config.histogramAggregation === 'base2_exponential_bucket_histogram'
          ? AggregationType.EXPONENTIAL_HISTOGRAM
          : AggregationType.DEFAULT,
    }),
    // gRPC reads headers, certificates and TLS from the same variables by itself; its options have other shapes.
    ...(protocol !== 'grpc' && {
      headers: { ...config.otlpHeaders, ...config.otlpMetricsHeaders },
      httpAgentOptions: agents.create,
    }),
  };
}

type CompressionAlgorithm = NonNullable<ExporterOptions['compression']>;

/** `AggregationTemporalityPreference` of the exporters, by the word of the variable. */
const TEMPORALITY = { delta: 0, cumulative: 1, lowmemory: 2 } as const;

/** undefined, with one line, when the exporter is not installed or cannot be made */
export function createExporter(protocol: Protocol, options: ExporterOptions): PushMetricExporter | undefined {
  try {
    // At run time and only the one that is asked for: each costs tens of milliseconds, and gRPC may not be there.
    const { OTLPMetricExporter: Exporter } = createRequire(import.meta.url)(PACKAGE[protocol]);
    return withoutRetries(new Exporter(options));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') reportFailure('set up the OTLP push', cause);
    else
      log.error(
        `nothing is pushed: OTLP over ${protocol} needs a package; npm install ${PACKAGE[protocol]}@0.223.0`,
        'setting',
      );
    return undefined;
  }
}

interface Retrying {
  _delegate?: { _transport?: { _transport?: object } };
}

/**
 * The HTTP exporters try again on timers that keep a finished process alive for as long as the receiver is down, and
 * send what was true then. Here the next interval tries again, with what is true now, so their retries are taken out.
 */
function withoutRetries<Exporter extends object>(exporter: Exporter): Exporter {
  const delegate = (exporter as Retrying)._delegate;
  const once = delegate?._transport?._transport;
  if (delegate !== undefined && once !== undefined) delegate._transport = once;
  return exporter;
}
