import { unescape as decoded } from 'node:querystring';
import type { Resource } from '@opentelemetry/resources';
import type { MetricReader, ScopeMetrics } from '@opentelemetry/sdk-metrics';
import { log } from '../../base/log.ts';
import { chooseProxy, type PushProxy } from '../../config/proxy.ts';
import type { Config } from '../../config/variables.ts';
import type { HistogramKind } from '../../metrics/otel/histogram-form.ts';
import type { SeriesProducer } from '../../metrics/otel/producer.ts';
import { createPushAgents } from './agents.ts';
import { pushAtExit } from './exit-push.ts';
import { createExporter, headersOf, type Protocol } from './exporter.ts';
import { isGrpcPush } from './grpc.ts';
import { createPushLog, type PushHealth } from './push-log.ts';
import { PushReader } from './push-reader.ts';

export interface Push {
  readonly reader: MetricReader;
  /** The endpoint for logs and the status: without user, password and query. */
  readonly shownUrl: string;
  /** The proxy of the pushes, without user and password; undefined where there is none. */
  readonly shownProxy: string | undefined;
  health(): PushHealth;
  /** Removes the credentials of the pushes from a text. */
  hideSecrets(text: string): string;
  /** Whether a call is one of these pushes. @param options of an HTTP request, or the headers of one over HTTP/2 */
  isOwnCall(options: object): boolean;
}

/** A reader that pushes by OTLP. Undefined where the exporter is not installed or cannot be created; the log says why. */
export function createOtlpPush(config: Config, producer: SeriesProducer, { attributes }: Resource): Push | undefined {
  const protocol = config.otlpMetricsProtocol ?? config.otlpProtocol ?? 'http/protobuf';
  const url = resolveEndpoint(config, protocol);
  const { exportInterval: intervalMillis } = config;
  const timeoutMillis = Math.min(config.otlpMetricsTimeout ?? config.otlpTimeout ?? 10_000, config.exportTimeout);
  const proxy = protocol === 'grpc' ? undefined : readProxy(url);
  const agents = createPushAgents(config, timeoutMillis, proxy);
  const exporter = createExporter(config, protocol, { url, timeoutMillis, agents });
  if (exporter === undefined) return undefined;
  const shownUrl = withoutCredentials(url);
  const secrets = [url, ...(proxy ? [proxy.url] : [])].flatMap((each) => collectSecrets(each, headersOf(config)));
  const hideSecrets = (text: string) => secrets.reduce((rest, secret) => rest.replaceAll(secret, '...'), text);
  const { pushEnded, health } = createPushLog(shownUrl, hideSecrets);
  const reader = new PushReader({
    exporter,
    producer,
    intervalMillis,
    timeoutMillis,
    onPushEnded: pushEnded,
    // Functions of the app cannot be copied into the thread, and it reads no labels.
    pushAtExit: (scopeMetrics: readonly ScopeMetrics[]) =>
      pushAtExit({ config: { ...config, labels: {} }, protocol, url, proxy, attributes, scopeMetrics }),
  });
  return {
    reader,
    shownUrl,
    shownProxy: proxy?.shown,
    health,
    hideSecrets,
    isOwnCall: protocol === 'grpc' ? isGrpcPush : agents.isOwn,
  };
}

/** The temporality of the series of requests. `lowmemory` is a difference only for observable instruments. */
export function seriesTemporality({ temporality }: Config): 'cumulative' | 'delta' {
  return temporality === 'cumulative' ? 'cumulative' : 'delta';
}

/** The kind of our own histograms of durations: `APM_HISTOGRAM` wins over the variable for all histograms. */
export function histogramKind({ histogram, histogramAggregation }: Config): HistogramKind {
  return histogram ?? (histogramAggregation === 'base2_exponential_bucket_histogram' ? 'exponential' : 'explicit');
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

/** The proxy of pushes over HTTP. For gRPC, grpc-js reads `grpc_proxy`, `https_proxy`, `http_proxy` and `no_proxy`. */
function readProxy(url: string): PushProxy | undefined {
  const { proxy, invalid } = chooseProxy(url);
  if (invalid !== undefined) log.warn(invalid, 'setting');
  return proxy;
}

/** Without user and password, and without the query, which may have a key of the receiver. */
const withoutCredentials = (url: string): string => url.replace(/\/\/[^/?#]*@/, '//').replace(/[?#].*$/s, '');

/** All parts of the URL and the headers that identify the sender. A receiver may repeat them in an error message. */
function collectSecrets(url: string, headers: Readonly<Record<string, string>>): string[] {
  const { username, password, search, searchParams } = new URL(url);
  const user = decoded(username);
  const basic = Buffer.from(`${user}:${decoded(password)}`).toString('base64');
  // A receiver may repeat `Bearer abc` without its first word.
  const values = Object.values(headers).flatMap((value) => [value, ...value.split(/[\s:;,=]+/)]);
  values.push(username, user, password, decoded(password), basic, search.slice(1), ...searchParams.values());
  // Shorter values occur in many words. The longest comes first, because one value may be a part of another.
  return values.filter(({ length }) => length >= 4).sort((a, b) => b.length - a.length);
}
