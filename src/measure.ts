import type { RunningApm } from './apm.ts';
import { createAppScrapes } from './app-scrapes.ts';
import { guard } from './base/guard.ts';
import { lazy } from './base/lazy.ts';
import { createCallPipeline } from './call-pipeline.ts';
import { watchCalls } from './calls/index.ts';
import { dependsOn, readAppPackage } from './config/app-package.ts';
import { isEnabled } from './config/frameworks.ts';
import { checkIgnore } from './config/ignore.ts';
import { createPathMatcher } from './config/path-patterns.ts';
import type { Config } from './config/variables.ts';
import { Context, isContextCheap } from './context/context.ts';
import { createAppHandler } from './expose/scrape/app-handler.ts';
import { CONTENT_TYPE, type Handler } from './expose/scrape/http-handler.ts';
import { answerOnApp, below, STATUS_PATH } from './expose/scrape/on-app.ts';
import { Lifecycle } from './lifecycle.ts';
import { createProcessSeries, type ProcessSeries } from './metrics/process-series.ts';
import { PACKAGES } from './packages.ts';
import { createPipeline, type IgnoredRequests } from './pipeline.ts';
import { watchHttp1 } from './requests/http1.ts';
import { watchHttp2 } from './requests/http2.ts';
import { createLabelReader } from './requests/label-values.ts';
import type { AnyServer } from './requests/request-record.ts';
import { watchListening } from './requests/serving.ts';
import type { RouteAdapter } from './route/adapter.ts';
import { adapterFailures } from './route/adapter-failure.ts';
import { fastify, watchFastify } from './route/frameworks/fastify/index.ts';
import { adaptersFor, expectCalls } from './route/frameworks/index.ts';
import { RouteResolver } from './route/resolver.ts';
import { serversStatus } from './route/servers.ts';
import type { ApmStatus } from './status.ts';
import { UnlinkedScrapes } from './unlinked-scrapes.ts';

const hidden = lazy<typeof import('./config/hidden-frameworks.ts')>(() => require('./config/hidden-frameworks.js'));
const durations = lazy<typeof import('./metrics/duration-summary.ts')>(() => require('./metrics/duration-summary.js'));
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
  if (dependsOn(app, '@trpc/server')) expectCalls();
  let metricsServer: AnyServer | undefined;
  const isMetricsServer = (server: AnyServer) => server === metricsServer;
  const context = isContextOn(config) ? new Context() : undefined;
  const measured = () => ({
    startedBy,
    outgoing: config.outgoing ? ('measured' as const) : ('off' as const),
    context: context === undefined ? ('off' as const) : ('on' as const),
    servers: serversStatus(),
    paths: resolver.paths,
    hiddenFrameworks: hidden().findHiddenFrameworks(app),
    adapterFailures: adapterFailures(),
    durations: durations().summarizeDurations(series.all.tables.requests),
  });
  const lifecycle = new Lifecycle({
    packages: PACKAGES,
    create: () =>
      outputs().createOutputs({
        config,
        app,
        series,
        hasContext: context !== undefined,
        measured,
        onMetricsServer: (server) => {
          metricsServer = server;
        },
      }),
  });

  const unlinkedScrapes = new UnlinkedScrapes();
  const answerWith = createAppScrapes({ lifecycle, requests: series.plain.requests, ignored, unlinkedScrapes });
  const handler = answerWith('handler');
  const onApp = new Map<string, Handler>();
  if (config.metricsOnApp !== undefined) {
    onApp.set(below(config.metricsOnApp, STATUS_PATH), answerWith('status')).set(config.metricsOnApp, handler);
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
    context,
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
  if (config.outgoing) {
    const stop = guard('measure outgoing calls', () => watchOutgoing(config, series, context, lifecycle));
    if (stop !== undefined) stops.push(stop);
  }
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
      context?.stop();
      return lifecycle.shutdown();
    },
  };
}

/** Without outgoing calls there is nothing to know by its request. */
const isContextOn = ({ outgoing, context }: Config): boolean =>
  outgoing && (context === 'auto' ? isContextCheap() : context);

/** Watches outgoing calls from now on, so that the first request that makes one is seen. @returns stops watching */
function watchOutgoing(
  config: Config,
  series: ProcessSeries,
  context: Context | undefined,
  lifecycle: Lifecycle,
): () => void {
  const options = {
    sink: createCallPipeline(series, context),
    // Nothing of ours is called before the outputs are there.
    isIgnored: (call: object) => lifecycle.created?.isOwnCall(call) ?? false,
    withDetails: config.metricNames === 'semconv',
    contexts: context?.storage,
  };
  return watchCalls(options, config.databases);
}
