import type { Agent } from 'node:http';
import { createRequire } from 'node:module';
import type { OTLPMetricExporter as HttpExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import {
  AggregationType,
  InstrumentType,
  PeriodicExportingMetricReader,
  type PushMetricExporter,
} from '@opentelemetry/sdk-metrics';
import { log, reportFailure } from '../config/log.ts';
import type { Config } from '../config/variables.ts';
import type { SeriesProducer } from '../metrics/producer.ts';
import { agentFor } from './agent.ts';
import { watched } from './watched.ts';

export interface Push {
  readonly reader: PeriodicExportingMetricReader;
  /** Where it goes, for the start-up line. */
  readonly url: string;
  /** Whether an outgoing call with these options is a push of ours. */
  isOwnCall(options: object): boolean;
}

const PACKAGE = {
  'http/protobuf': '@opentelemetry/exporter-metrics-otlp-proto',
  'http/json': '@opentelemetry/exporter-metrics-otlp-http',
  grpc: '@opentelemetry/exporter-metrics-otlp-grpc',
} as const;

/** A reader that pushes by OTLP; undefined, with one line, when the exporter is not installed or cannot be made. */
export function otlpPush(config: Config, producer: SeriesProducer): Push | undefined {
  const protocol = config.otlpMetricsProtocol ?? config.otlpProtocol ?? 'http/protobuf';
  const url = target(config, protocol);
  const agents = agentFor(config);
  const exporter = create(config, protocol, url, agents.create);
  if (exporter === undefined) return undefined;
  const reader = new PeriodicExportingMetricReader({
    exporter: watched(exporter, url, producer),
    exportIntervalMillis: config.exportInterval,
    exportTimeoutMillis: Math.min(config.exportTimeout, config.exportInterval),
    metricProducers: [producer],
  });
  return { reader, url, isOwnCall: agents.isOwn };
}

/** The temporality of the bound series under the preference; `lowmemory` differs only for observable instruments. */
export function seriesTemporality({ temporality }: Config): 'cumulative' | 'delta' {
  return temporality === 'cumulative' ? 'cumulative' : 'delta';
}

/** @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/#endpoint-urls-for-otlphttp */
function target({ otlpMetricsEndpoint, otlpEndpoint }: Config, protocol: keyof typeof PACKAGE): string {
  if (protocol === 'grpc') return otlpMetricsEndpoint ?? otlpEndpoint ?? 'http://localhost:4317';
  if (otlpMetricsEndpoint !== undefined) return otlpMetricsEndpoint;
  return `${(otlpEndpoint ?? 'http://localhost:4318').replace(/\/$/, '')}/v1/metrics`;
}

type ExporterOptions = NonNullable<ConstructorParameters<typeof HttpExporter>[0]>;

function create(
  config: Config,
  protocol: keyof typeof PACKAGE,
  url: string,
  agent: (protocol: string) => Promise<Agent>,
): PushMetricExporter | undefined {
  const options = {
    url,
    timeoutMillis: config.otlpMetricsTimeout ?? config.otlpTimeout ?? 10_000,
    compression: (config.otlpMetricsCompression ?? config.otlpCompression ?? 'none') as ExporterOptions['compression'],
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
      httpAgentOptions: agent,
    }),
  };
  try {
    // At run time and only the one that is asked for: each costs tens of milliseconds, and gRPC may not be there.
    const { OTLPMetricExporter } = createRequire(import.meta.url)(PACKAGE[protocol]);
    return new OTLPMetricExporter(options);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') reportFailure('set up the OTLP push', cause);
    else
      log.error(`nothing is pushed: OTLP over ${protocol} needs a package; npm install ${PACKAGE[protocol]}@0.223.0`);
    return undefined;
  }
}

/** `AggregationTemporalityPreference` of the exporters, by the word of the variable. */
const TEMPORALITY = { delta: 0, cumulative: 1, lowmemory: 2 } as const;
