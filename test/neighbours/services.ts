import { readFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { atEnd } from '../support/shared.ts';

const TRACE_HEADER = /^(traceparent|tracestate|baggage|sentry-trace|b3|x-datadog-.*)$/;

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  atEnd(() => server.close());
  return `localhost:${(server.address() as AddressInfo).port}`;
}

/**
 * A called service, over HTTP and HTTPS. It keeps how often each trace header was sent, by the path that was called.
 * @property hosts of both
 */
export async function startCalledService() {
  const headers: Record<string, Record<string, number>> = {};
  const listener: RequestListener = ({ url = '', rawHeaders }, response) => {
    const counts: Record<string, number> = {};
    const names = rawHeaders.filter((_, i) => i % 2 === 0).map((name) => name.toLowerCase());
    for (const name of names) if (TRACE_HEADER.test(name)) counts[name] = (counts[name] ?? 0) + 1;
    headers[url.slice(1)] = counts;
    response.end('called');
  };
  const pem = (name: string) => readFileSync(new URL(`../expose/tls/${name}.pem`, import.meta.url));
  const secure = createSecureServer({ key: pem('key'), cert: pem('cert') }, listener);
  const [plainHost, secureHost] = [await listen(createServer(listener)), await listen(secure)];
  return {
    headers,
    hosts: [plainHost, secureHost],
    env: { HTTP_URL: `http://${plainHost}`, HTTPS_URL: `https://${secureHost}` },
  };
}

/** The parts of a span of OTLP that are read. */
interface OtlpSpan {
  kind?: number;
  attributes?: { key: string; value: { stringValue?: string } }[];
}

/** The parts of a span of Sentry that are read: in version 10 `op` and `description`, in 11 attributes. */
interface SentrySpan {
  op?: string;
  description?: string;
  attributes?: Record<string, { value: string }>;
}

/**
 * A receiver of traces, as OTLP in JSON or as envelopes of Sentry. It keeps the paths that client spans called, and pushes
 * of metrics in JSON.
 */
export async function startTraceReceiver() {
  const spans: string[] = [];
  const pushes: string[] = [];
  const server = createServer(async (request, response) => {
    const raw = await buffer(request);
    const body = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw).toString();
    response.setHeader('Content-Type', 'application/json').end('{}');
    if (request.url === '/v1/traces') spans.push(...otlpCalls(body));
    else if (request.url === '/v1/metrics') pushes.push(body);
    else spans.push(...sentryCalls(body));
  });
  const host = await listen(server);
  return { spans, pushes, url: `http://${host}`, dsn: `http://key@${host}/1` };
}

const CLIENT = 3;

function otlpCalls(body: string): string[] {
  const { resourceSpans } = JSON.parse(body) as {
    resourceSpans: { scopeSpans: { spans: OtlpSpan[] }[] }[];
  };
  return resourceSpans
    .flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
    .filter(({ kind }) => kind === CLIENT)
    .flatMap(({ attributes = [] }) => attributes.filter(({ key }) => key === 'url.full' || key === 'http.url'))
    .map(({ value: { stringValue = '' } }) => pathOf(stringValue));
}

function sentryCalls(body: string): string[] {
  return body
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as { spans?: SentrySpan[]; items?: SentrySpan[] })
    .flatMap(({ spans, items }) => spans ?? items ?? [])
    .filter(({ op, attributes }) => (op ?? attributes?.['sentry.op']?.value) === 'http.client')
    .map(({ description, attributes }) => pathOf(description ?? attributes?.['url.full']?.value ?? ''));
}

/** dd-trace writes its spans to stdout where its exporter is `log`. */
export function datadogCalls(stdout: string): string[] {
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{"traces"'))
    .flatMap((line) => (JSON.parse(line) as { traces: { meta: Record<string, string> }[][] }).traces.flat())
    .filter(({ meta }) => meta['span.kind'] === 'client' && meta['http.url'] !== undefined)
    .map(({ meta }) => pathOf(meta['http.url'] as string));
}

const pathOf = (url: string): string => url.slice(url.lastIndexOf('/') + 1);
