import type { IncomingMessage, ServerResponse } from 'node:http';
import { guard, reportFailure } from './base/guard.ts';
import { lazy } from './base/lazy.ts';
import { readAppPackage } from './config/app-package.ts';
import { isEnabled } from './config/frameworks.ts';
import { checkIgnore } from './config/ignore.ts';
import { createPathMatcher } from './config/path-patterns.ts';
import type { Config } from './config/variables.ts';
import { createAppHandler } from './expose/scrape/app-handler.ts';
import { answer, answerFailed, CONTENT_TYPE, type Handler } from './expose/scrape/http-handler.ts';
import { answerOnApp, statusBelow } from './expose/scrape/on-app.ts';
import type { ScrapeHandler } from './expose/scrape/scrape-handler.ts';
import { Lifecycle } from './lifecycle.ts';
import { findOtherTracer } from './metrics/otel/other-tracer.ts';
import { createProcessSeries } from './metrics/process-series.ts';
import { createPipeline, type IgnoredRequests, leaveOut } from './pipeline.ts';
import { watchHttp1 } from './requests/http1.ts';
import { watchHttp2 } from './requests/http2.ts';
import { createLabelReader } from './requests/label-values.ts';
import { type AnyServer, recordOf } from './requests/request-record.ts';
import { type ServingListener, watchListening } from './requests/serving.ts';
import type { RouteAdapter } from './route/adapter.ts';
import { adapterFailures } from './route/adapter-failure.ts';
import { fastify, watchFastify } from './route/frameworks/fastify/index.ts';
import { adaptersFor } from './route/frameworks/index.ts';
import { RouteResolver } from './route/resolver.ts';
import { serversStatus } from './route/servers.ts';
import type { ApmStatus } from './status.ts';
import { UnlinkedScrapes } from './unlinked-scrapes.ts';

/** The running instance. Its members need no `this`: `const { handler } = setupApm()` works. */
export interface Apm {
  /**
   * The metrics as Prometheus text, the same as a scrape. It does not know who asks, so a Prometheus that gets it does not
   * see the first errors of a path: prefer `handler`. Empty where this package is disabled, and after `shutdown`.
   */
  readonly metrics: () => Promise<string>;
  /**
   * The `Content-Type` of a scrape. Prometheus 3 refuses a scrape that is sent with another one, such as the type that a
   * framework gives to a text. For routes that send `metrics()`.
   */
  readonly contentType: string;
  /**
   * Answers a scrape like the metrics server does, on any path and in any framework: pass it as the handler of a route.
   * The request is not counted. It answers 401 without `authToken`, 405 to other methods than GET and HEAD, 503 after
   * `shutdown`, and no metrics where disabled. Where it does not know the framework, it logs how to serve the metrics,
   * and its promise rejects. It returns what the framework needs, so return its result from a handler of your own.
   * @see docs/handler.md for each framework
   */
  readonly handler: ScrapeHandler;
  /**
   * Resolves with the address of the metrics server, such as `http://localhost:9464`, when metrics can be scraped or are
   * pushed. Of several processes that share a port it is the address that serves all of them. Resolves with undefined
   * where there is no such server: by the options, because it failed to open, where disabled, or after `shutdown`. Under
   * the preload it waits until a server of the app listens or answers a request. Never rejects.
   */
  readonly ready: Promise<string | undefined>;
  /** The same as `/status`. Before `ready`, nothing is scraped, merged or pushed yet, so those fields are null. */
  readonly status: () => ApmStatus;
  /** Pushes what is not yet pushed, closes what was opened, and stops measuring. Never rejects. */
  readonly shutdown: () => Promise<void>;
}

/** As `Apm`, for the preload. */
export interface RunningApm extends Apm, ServingListener {
  /** Loads the SDK at once, for instruments that an app creates before it serves. */
  load(): void;
  /** Opens the outputs, as the first server does. */
  open(): void;
  /**
   * Takes the option `ignore` of a call of `setupApm`. It has no variable, so it has an effect under the preload too.
   * @returns whether it has an effect: only the first one has
   */
  ignoreWhere(option: unknown): boolean;
}

const earlyStatus = lazy<typeof import('./expose/early-status.ts')>(() => require('./expose/early-status.js'));
const outputs = lazy<typeof import('./outputs.ts')>(() => require('./outputs.js'));

/** Before the SDK is loaded, a server that has just begun to listen gets this long to answer its first clients. */
const LOAD_DELAY_MS = 50;

/**
 * Wires the stages: server events to requests/, their records through the pipeline to route/ and metrics/, and, once
 * loaded, the outputs.
 * @param adapters fewer than all, to measure what they cost
 */
export function measure(
  config: Config,
  startedBy: ApmStatus['startedBy'],
  adapters: readonly RouteAdapter[] = adaptersFor((name) => isEnabled(name, config.frameworks)),
): RunningApm {
  const series = createProcessSeries(config);
  const ignored: IgnoredRequests = { paths: createPathMatcher(config.ignorePaths), where: undefined };
  const isIgnored = ignored.paths?.matchesLabel;
  const resolver = new RouteResolver({ adapters, routes: config.routes, isIgnored, maxPaths: config.maxPaths });
  const app = readAppPackage();
  let metricsServer: AnyServer | undefined;
  const isMetricsServer = (server: AnyServer) => server === metricsServer;
  const measured = () => ({
    startedBy,
    servers: serversStatus(),
    paths: resolver.paths,
    adapterFailures: adapterFailures(),
  });
  const lifecycle = new Lifecycle({
    packages: () =>
      config.outgoing && findOtherTracer() === undefined ? [...PACKAGES, ...OUTGOING_PACKAGES] : PACKAGES,
    create: () =>
      outputs().createOutputs({
        config,
        app,
        series,
        measured,
        onMetricsServer: (server) => {
          metricsServer = server;
        },
      }),
  });

  const unlinkedScrapes = new UnlinkedScrapes();
  /** @returns called once the scrape is answered */
  const exclude = (request: IncomingMessage, response: ServerResponse): (() => void) => {
    const record = recordOf(response);
    if (record !== undefined) leaveOut(record);
    const { method = '', url = '', socket } = request;
    // Only a web `Request` has no socket.
    if (record !== undefined || socket !== undefined || ignored.paths?.matchesUrl(url, method)) return () => {};
    unlinkedScrapes.expect(method, url);
    const active = series.plain.requests.activeOf(method);
    // A test of the app may call the handler without a server.
    if (active.requests === 0) return () => {};
    active.requests--;
    return () => {
      active.requests++;
    };
  };
  const answerWith = answerer(lifecycle, exclude);
  const handler = answerWith('handler');
  const onApp = new Map<string, Handler>();
  if (config.metricsOnApp !== undefined) {
    onApp.set(statusBelow(config.metricsOnApp), answerWith('status')).set(config.metricsOnApp, handler);
  }

  const known = new WeakSet<AnyServer>();
  /** Called when a server starts to listen, and at its first request: a server that is passed connections never listens. */
  const onServer = (server: AnyServer): void => {
    if (isMetricsServer(server) || known.has(server)) return;
    known.add(server);
    guard('detect the framework of a server', () => {
      http2.addServer(server);
      resolver.serverListens(server);
      if (onApp.size > 0) stops.push(answerOnApp(server, onApp));
    });
    lifecycle.open(LOAD_DELAY_MS);
  };
  const sink = createPipeline({
    resolver,
    series,
    readLabels: createLabelReader(config.labels),
    ignored,
    untimed: createPathMatcher(config.untimedPaths),
    isMetricsServer,
    onServer,
    unlinkedScrapes,
  });
  const http1 = watchHttp1(sink, config.sizes);
  const http2 = watchHttp2(sink, config.sizes);
  series.active.refreshWith(http1.sweep);
  const stops = [http1.stop, http2.stop, watchListening(onServer)];
  if (adapters.includes(fastify)) stops.push(watchFastify());

  return {
    metrics: async () => {
      if (lifecycle.isShutDown) return '';
      const { pieces, acknowledge } = await (await lifecycle.open()).scrape();
      acknowledge();
      return Buffer.concat(pieces).toString();
    },
    contentType: CONTENT_TYPE,
    handler: createAppHandler(handler),
    ready: lifecycle.ready,
    status: () => lifecycle.created?.readStatus() ?? earlyStatus().buildEarlyStatus(measured(), config, app),
    load: () => void guard('load the SDK', () => lifecycle.load()),
    open: () => void lifecycle.open(),
    serverListens: onServer,
    requestArrives: (message) => ('stream' in message ? http2 : http1).requestArrives(message),
    ignoreWhere(option) {
      if (ignored.where !== undefined) return false;
      ignored.where = checkIgnore(option);
      return true;
    },
    shutdown() {
      for (const stop of stops) stop();
      return lifecycle.shutdown();
    },
  };
}

/** Makes handlers that wait until the outputs are open. They throw nothing into the app. */
const answerer =
  (lifecycle: Lifecycle, exclude: (request: IncomingMessage, response: ServerResponse) => () => void) =>
  (which: 'handler' | 'status'): Handler =>
  async (request, response) => {
    let include = () => {};
    try {
      if (response.headersSent) throw new Error('the app has already sent a response');
      include = exclude(request, response);
      if (lifecycle.isShutDown) return answer(response, 503, 'Measuring has been shut down.\n');
      const opened = await lifecycle.open().catch(() => undefined);
      if (opened === undefined) answer(response, 503, 'Failed to start serving metrics; the log has the cause.\n');
      else await opened[which](request, response);
    } catch (cause) {
      reportFailure('answer a scrape', cause);
      if (!response.headersSent) guard('answer a failed scrape', () => answerFailed(response));
    } finally {
      include();
    }
  };

/** Packages that outputs.ts imports. Each name is a literal, because bundlers do not find a computed one. */
const PACKAGES: readonly (() => unknown)[] = [
  () => require('@opentelemetry/api'),
  () => require('@opentelemetry/core'),
  () => require('@opentelemetry/resources'),
  () => require('@opentelemetry/sdk-metrics'),
];
/** Packages of outgoing.ts, which is loaded where no other tool instruments outgoing calls. */
const OUTGOING_PACKAGES: readonly (() => unknown)[] = [
  () => require('@opentelemetry/instrumentation-http'),
  () => require('@opentelemetry/instrumentation-undici'),
];
