import type { MetricReader } from '@opentelemetry/sdk-metrics';
import type { Config } from '../config/variables.ts';
import type { SeriesProducer } from '../metrics/producer.ts';
import { pushAgents } from './agent.ts';
import { createExporter, exporterOptions, type Protocol } from './exporter.ts';
import { type PushHealth, pushLog } from './push-log.ts';
import { PushReader } from './push-reader.ts';

export interface Push {
  readonly reader: MetricReader;
  /** Where it goes, for people to read. */
  readonly url: string;
  /** The same, as it may leave the process. */
  readonly place: string;
  health(): PushHealth;
  /** Whether an outgoing call with these options is a push of ours. */
  isOwnCall(options: object): boolean;
}

/** A reader that pushes by OTLP; undefined, with one line, when the exporter is not installed or cannot be made. */
export function otlpPush(config: Config, producer: SeriesProducer): Push | undefined {
  const protocol = config.otlpMetricsProtocol ?? config.otlpProtocol ?? 'http/protobuf';
  const target = targetOf(config, protocol);
  const timeoutMillis = Math.min(config.otlpMetricsTimeout ?? config.otlpTimeout ?? 10_000, config.exportTimeout);
  const agents = pushAgents(config, timeoutMillis);
  const exporter = createExporter(protocol, exporterOptions(config, protocol, { url: target, timeoutMillis, agents }));
  if (exporter === undefined) return undefined;
  const url = withoutCredentials(target);
  const place = withoutQuery(url);
  const { exportInterval: intervalMillis } = config;
  const { ended, health } = pushLog(url, place);
  const reader = new PushReader({ exporter, producer, intervalMillis, timeoutMillis, ended });
  return { reader, url, place, health, isOwnCall: agents.isOwn };
}

/** The temporality of the bound series under the preference; `lowmemory` differs only for observable instruments. */
export function seriesTemporality({ temporality }: Config): 'cumulative' | 'delta' {
  return temporality === 'cumulative' ? 'cumulative' : 'delta';
}

/** @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/#endpoint-urls-for-otlphttp */
function targetOf(config: Config, protocol: Protocol): string {
  const insecure = config.otlpMetricsInsecure ?? config.otlpInsecure ?? false;
  const absolute = (endpoint: string) =>
    endpoint.includes('://') ? endpoint : `${insecure ? 'http' : 'https'}://${endpoint}`;
  const { otlpMetricsEndpoint, otlpEndpoint } = config;
  if (otlpMetricsEndpoint !== undefined) return absolute(otlpMetricsEndpoint);
  if (protocol === 'grpc') return absolute(otlpEndpoint ?? 'http://localhost:4317');
  const url = new URL(absolute(otlpEndpoint ?? 'http://localhost:4318'));
  url.pathname = `${url.pathname.replace(/\/$/, '')}/v1/metrics`;
  return url.href;
}

/** What is logged: a user and password in the URL are nobody else's. */
const withoutCredentials = (target: string): string => target.replace(/\/\/[^/?#]*@/, '//');

/** What the status tells: some receivers take their key in the query. */
const withoutQuery = (url: string): string => url.replace(/[?#].*$/s, '');
