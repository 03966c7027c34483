import { createRequire } from 'node:module';
import { isAbsolute } from 'node:path';
import type { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-grpc';
import { ownFile } from '../../base/own-file.ts';

export const GRPC_EXPORTER = '@opentelemetry/exporter-metrics-otlp-grpc';

interface GrpcPackages {
  readonly OTLPMetricExporter: typeof OTLPMetricExporter;
  readonly Metadata: typeof import('@grpc/grpc-js').Metadata;
  readonly credentials: typeof import('@grpc/grpc-js').credentials;
}

/**
 * Loads the exporter for gRPC, and the copy of @grpc/grpc-js that it uses. They are optional, so bundlers must not look for
 * them: they are found at run time, from this package or, where it is in a bundle, from the app.
 * @throws MODULE_NOT_FOUND
 */
export function loadGrpc(): GrpcPackages {
  const file = resolveExporter([ownFile ?? '', process.argv[1] ?? '']);
  const load = createRequire(file);
  return { ...load(file), ...load('@grpc/grpc-js') };
}

function resolveExporter(places: readonly string[]): string {
  let failure: unknown;
  for (const place of places.filter(isAbsolute)) {
    try {
      return createRequire(place).resolve(GRPC_EXPORTER);
    } catch (cause) {
      failure = cause;
    }
  }
  throw failure;
}

/** What OTLP calls to push metrics. */
const EXPORT_PATH = '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export';

/** Whether a call over HTTP/2 with these headers is a push of metrics: ours, or one of an SDK of the app. */
export const isGrpcPush = (headers: object): boolean => (headers as Record<string, unknown>)[':path'] === EXPORT_PATH;
