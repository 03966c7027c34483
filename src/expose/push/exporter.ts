import type { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-http';
import { AggregationType, InstrumentType, type PushMetricExporter } from '@opentelemetry/sdk-metrics';
import { reportFailure } from '../../base/guard.ts';
import { log } from '../../base/log.ts';
import type { Config } from '../../config/variables.ts';
import { type PushAgents, tlsOptions } from './agents.ts';
import { GRPC_EXPORTER, loadGrpc } from './grpc.ts';

export type Protocol = 'http/protobuf' | 'http/json' | 'grpc';

/** Loaded only for its protocol: each package takes tens of milliseconds. */
const HTTP_EXPORTERS: Record<Exclude<Protocol, 'grpc'>, () => { OTLPMetricExporter: typeof OTLPMetricExporter }> = {
  'http/protobuf': () => require('@opentelemetry/exporter-metrics-otlp-proto'),
  'http/json': () => require('@opentelemetry/exporter-metrics-otlp-http'),
};

type ExporterOptions = NonNullable<ConstructorParameters<typeof OTLPMetricExporter>[0]>;

export interface ExporterTarget {
  readonly url: string;
  readonly timeoutMillis: number;
  readonly agents: PushAgents;
}

/** Headers of each push. Those for metrics win. */
export const headersOf = (config: Config): Readonly<Record<string, string>> => ({
  ...config.otlpHeaders,
  ...config.otlpMetricsHeaders,
});

/** Undefined where the exporter is not installed or cannot be created; the log says why. */
export function createExporter(
  config: Config,
  protocol: Protocol,
  target: ExporterTarget,
): PushMetricExporter | undefined {
  try {
    const { url, timeoutMillis, agents } = target;
    const options = { ...commonOptions(config), url, timeoutMillis };
    if (protocol === 'grpc') {
      const packages = loadGrpc();
      return new packages.OTLPMetricExporter({ ...options, ...grpcOptions(config, url, packages) });
    }
    const { OTLPMetricExporter: Exporter } = HTTP_EXPORTERS[protocol]();
    return withoutRetries(new Exporter({ ...options, headers: headersOf(config), httpAgentOptions: agents.create }));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') reportFailure('set up the OTLP push', cause);
    else
      log.error(
        `nothing is pushed: OTLP over ${protocol} needs a package that is not installed; run npm install ${GRPC_EXPORTER}@0.223.0`,
        'setting',
      );
    return undefined;
  }
}

/** The numbers that exporters use for the words of the variable. */
const TEMPORALITY = { delta: 0, cumulative: 1, lowmemory: 2 } as const;

type CompressionAlgorithm = NonNullable<ExporterOptions['compression']>;

function commonOptions(config: Config): ExporterOptions {
  return {
    compression: (config.otlpMetricsCompression ?? config.otlpCompression ?? 'none') as CompressionAlgorithm,
    temporalityPreference: TEMPORALITY[config.temporality],
    aggregationPreference: (type: InstrumentType) => ({
      type:
        type === InstrumentType.HISTOGRAM && config.histogramAggregation === 'base2_exponential_bucket_histogram'
          ? AggregationType.EXPONENTIAL_HISTOGRAM
          : AggregationType.DEFAULT,
    }),
  };
}

/** Headers and certificates in the form of gRPC. */
function grpcOptions(config: Config, url: string, { Metadata, credentials }: ReturnType<typeof loadGrpc>) {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(headersOf(config))) metadata.set(name, value);
  if (!url.startsWith('https://')) return { metadata };
  const { ca, key, cert } = tlsOptions(config);
  if ((key === undefined) !== (cert === undefined)) {
    log.warn(
      'OTLP pushes use no client certificate, because only one of key and certificate is set; set both',
      'setting',
    );
    return { metadata, credentials: credentials.createSsl(toBuffer(ca)) };
  }
  return { metadata, credentials: credentials.createSsl(toBuffer(ca), toBuffer(key), toBuffer(cert)) };
}

/** gRPC accepts only a Buffer, and the thread that pushes at exit gets a copy of the configuration without Buffers. */
const toBuffer = (content: Uint8Array | undefined): Buffer | null =>
  content === undefined ? null : Buffer.from(content);

interface WithTransport {
  _delegate?: { _transport?: { _transport?: object } };
}

/**
 * Removes the retries of the HTTP exporters. Their timers keep a finished process alive while the receiver is down, and a
 * retry sends old values. The next interval pushes again anyway, with current values.
 */
function withoutRetries<Exporter extends object>(exporter: Exporter): Exporter {
  const delegate = (exporter as WithTransport)._delegate;
  const transport = delegate?._transport?._transport;
  if (delegate !== undefined && transport !== undefined) delegate._transport = transport;
  return exporter;
}
