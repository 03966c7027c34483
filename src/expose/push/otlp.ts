import { unescape as decoded } from 'node:querystring';
import type { Resource } from '@opentelemetry/resources';
import type { MetricReader, ScopeMetrics } from '@opentelemetry/sdk-metrics';
import type { Config } from '../../config/variables.ts';
import type { SeriesProducer } from '../../metrics/otel/producer.ts';
import { pushAgents } from './agents.ts';
import { pushAtExit } from './exit-push.ts';
import { createExporter, exporterOptions, type Protocol } from './exporter.ts';
import { createPushLog, type PushHealth } from './push-log.ts';
import { PushReader } from './push-reader.ts';

export interface Push {
  readonly reader: MetricReader;
  /** Where it goes, for people to read: without user, password and query. */
  readonly shownUrl: string;
  health(): PushHealth;
  /** Whether an outgoing call with these options is a push of ours. */
  isOwnCall(options: object): boolean;
}

/** A reader that pushes by OTLP; undefined, with one line, when the exporter is not installed or cannot be made. */
export function otlpPush(config: Config, producer: SeriesProducer, { attributes }: Resource): Push | undefined {
  const protocol = config.otlpMetricsProtocol ?? config.otlpProtocol ?? 'http/protobuf';
  const target = resolveEndpoint(config, protocol);
  const timeoutMillis = Math.min(config.otlpMetricsTimeout ?? config.otlpTimeout ?? 10_000, config.exportTimeout);
  const agents = pushAgents(config, timeoutMillis);
  const exporter = createExporter(protocol, exporterOptions(config, protocol, { url: target, timeoutMillis, agents }));
  if (exporter === undefined) return undefined;
  const place = withoutCredentials(target);
  const { exportInterval: intervalMillis } = config;
  const { pushEnded: ended, health } = createPushLog(
    place,
    collectSecrets(target, { ...config.otlpHeaders, ...config.otlpMetricsHeaders }),
  );
  const last = (scopeMetrics: readonly ScopeMetrics[]) =>
    pushAtExit({ config, protocol, url: target, attributes, scopeMetrics });
  const reader = new PushReader({
    exporter,
    producer,
    intervalMillis,
    timeoutMillis,
    onPushEnded: ended,
    pushAtExit: last,
  });
  return { reader, shownUrl: place, health, isOwnCall: agents.isOwn };
}

/** The temporality of the bound series under the preference; `lowmemory` differs only for observable instruments. */
export function seriesTemporality({ temporality }: Config): 'cumulative' | 'delta' {
  return temporality === 'cumulative' ? 'cumulative' : 'delta';
}

/** @see https://opentelemetry.io/docs/specs/otel/protocol/exporter/#endpoint-urls-for-otlphttp */
function resolveEndpoint(config: Config, protocol: Protocol): string {
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

/** A user and password in the URL are nobody else's, and some receivers take their key in the query. */
const withoutCredentials = (target: string): string => target.replace(/\/\/[^/?#]*@/, '//').replace(/[?#].*$/s, '');

/** What a receiver is given to know who pushes, and may say back in an error. */
function collectSecrets(target: string, headers: Readonly<Record<string, string>>): string[] {
  const { username, password, search, searchParams } = new URL(target);
  const user = decoded(username);
  const basic = Buffer.from(`${user}:${decoded(password)}`).toString('base64');
  // `Bearer abc` is often said back without its first word.
  const values = Object.values(headers).flatMap((value) => [value, ...value.split(/[\s:;,=]+/)]);
  values.push(username, user, password, decoded(password), basic, search.slice(1), ...searchParams.values());
  // What is shorter is part of many words. The longest first: one may be part of another.
  return values.filter(({ length }) => length >= 4).sort((a, b) => b.length - a.length);
}
