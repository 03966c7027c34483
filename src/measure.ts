import type { IncomingMessage, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { clearTimeout, setImmediate, setTimeout } from 'node:timers';
import { guard, reportFailure } from './base/guard.ts';
import { lazy } from './base/lazy.ts';
import { log } from './base/log.ts';
import { readAppPackage } from './config/app-package.ts';
import type { Config } from './config/variables.ts';
import { answerOnApp, type Handler, statusBelow } from './expose/scrape/on-app.ts';
import { views } from './metrics/otel/views.ts';
import { RequestSeries } from './metrics/series.ts';
import type { Total } from './metrics/stream.ts';
import type { Outputs } from './outputs.ts';
import { watchHttp1 } from './requests/http1.ts';
import { watchHttp2 } from './requests/http2.ts';
import { watchListening } from './requests/listen.ts';
import { type AnyServer, RECORD, type RequestRecord, type RequestSink } from './requests/request-record.ts';
import type { RouteAdapter } from './route/adapter.ts';
import { fastify, watchFastify } from './route/frameworks/fastify/index.ts';
import { ADAPTERS } from './route/frameworks/index.ts';
import { RouteResolver } from './route/resolver.ts';
import { serversStatus } from './route/servers.ts';
import type { ApmStatus } from './status.ts';

/** The running instance. Its members need no `this`: `const { handler } = setupApm()` works. */
export interface Apm {
  /** The metrics as Prometheus text, the same as a scrape. Empty where this package is disabled. */
  readonly metrics: () => Promise<string>;
  /**
   * Answers a scrape like the metrics server does, on any path. The request is not counted. It answers 401 without
   * `authToken`, 405 to other methods than GET and HEAD, 503 after `shutdown`, and no metrics where disabled.
   */
  readonly handler: (request: IncomingMessage, response: ServerResponse) => void;
  /**
   * Resolves with the address of the metrics server, such as `http://localhost:9464`, when metrics can be scraped or are
   * pushed. Of several processes that share a port it is the address that serves all of them. Resolves with undefined
   * where there is no such server: by the options, because it failed to open, where disabled, or after `shutdown`. Under
   * the preload it waits until the app has a server that listens. Never rejects.
   */
  readonly ready: Promise<string | undefined>;
  /** The same as `/status`. Before `ready`, nothing is scraped, merged or pushed yet, so those fields are null. */
  readonly status: () => ApmStatus;
  /** Pushes what is not yet pushed, closes what was opened, and stops measuring. Never rejects. */
  readonly shutdown: () => Promise<void>;
}

/** As `Apm`, for the preload. */
export interface RunningApm extends Apm {
  /** Loads the SDK at once, for instruments an app creates before it serves. */
  load(): void;
  /** Opens the ways out, as a first server does. */
  open(): void;
  serverListens(server: AnyServer): void;
}

const earlyStatus = lazy<typeof import('./expose/early-status.ts')>('./expose/early-status.js', import.meta.url);

/**
 * Wires the stages: server events to requests/, their records to route/ and metrics/, and, once loaded, the ways out.
 * @param adapters fewer than all, to find out what they cost
 */
export function measure(
  config: Config,
  startedBy: ApmStatus['startedBy'],
  adapters: readonly RouteAdapter[] = ADAPTERS,
): RunningApm {
  const table = views(config);
  const series = new RequestSeries(table, config.knownMethods);
  const ignorePaths = new Set(config.ignorePaths);
  const { routes, maxPaths } = config;
  const resolver = new RouteResolver({ adapters, routes, ignorePaths, maxPaths });
  const app = readAppPackage();
  let metricsServer: AnyServer | undefined;
  const own = (server: AnyServer) => {
    metricsServer = server;
  };

  const sink: RequestSink = {
    arrived(request) {
      if (request.server === metricsServer) return false;
      resolver.requestArrives(request.server);
      const active = series.activeOf(request.method);
      active.value++;
      request.tag = active;
      return true;
    },
    ended(request) {
      endActive(request);
      if (request.ignored) return;
      const path = resolver.resolve(request);
      if (ignorePaths.has(path)) return;
      series.record(path, request.method, request.status, request.eventStream ? undefined : request.seconds);
    },
  };
  const stopHttp1 = watchHttp1(sink);
  const http2 = watchHttp2(sink);

  const measured = () => ({ startedBy, servers: serversStatus(), paths: resolver.paths });
  let created: Outputs | undefined;
  const load = (): Outputs => {
    created ??= createRequire(import.meta.url)('./outputs.js').createOutputs({
      config,
      app,
      series,
      views: table,
      measured,
      own,
    });
    return created as Outputs;
  };
  let resolveReady: (address: string | undefined) => void = () => {};
  const ready = new Promise<string | undefined>((resolve) => {
    resolveReady = resolve;
  });
  let loaded: Promise<Outputs> | undefined;
  let opened: Promise<Outputs> | undefined;
  const open = (delay = 0): Promise<Outputs> => {
    loaded ??= loadSdk(config, delay).then(load);
    opened ??= loaded.then(async (outputs) => {
      await outputs.open();
      resolveReady(outputs.readStatus().scrape?.address ?? undefined);
      return outputs;
    });
    // Whoever waits for it hears of the failure too; this keeps it from being an unhandled rejection of the app.
    opened.catch((cause) => {
      reportFailure('set up the ways out', cause);
      resolveReady(undefined);
    });
    return opened;
  };

  let over = false;
  const answerWith =
    (which: 'handler' | 'status'): Handler =>
    (request, response) => {
      const record = recordOf(response);
      if (record !== undefined) {
        record.ignored = true;
        // Here and not at its end: a scrape would be in every scrape.
        endActive(record);
      }
      if (over) return void response.writeHead(503).end('Measuring has been shut down.\n');
      open()
        .then(
          (outputs) => outputs[which](request, response),
          () => void response.writeHead(503).end(),
        )
        .catch((cause) => reportFailure('answer a scrape', cause));
    };
  const handler = answerWith('handler');
  const onApp = new Map<string, Handler>();
  if (config.metricsOnApp !== undefined) {
    onApp.set(statusBelow(config.metricsOnApp), answerWith('status')).set(config.metricsOnApp, handler);
  }

  const known = new WeakSet<AnyServer>();
  const serverListens = (server: AnyServer): void => {
    if (server === metricsServer || known.has(server)) return;
    known.add(server);
    guard('look at a server', () => {
      http2.addServer(server);
      resolver.serverListens(server);
      if (onApp.size > 0) stops.push(answerOnApp(server, onApp));
    });
    open(FIRST_CLIENTS);
  };
  const stops = [stopHttp1, http2.stop, watchListening(serverListens)];
  if (adapters.includes(fastify)) stops.push(watchFastify());

  return {
    metrics: async () => Buffer.concat(await (await open()).scrape()).toString(),
    handler,
    ready,
    status: () => created?.readStatus() ?? earlyStatus().buildEarlyStatus(measured(), config, app),
    load: () => void guard('load the SDK', load),
    open: () => void open(),
    serverListens,
    async shutdown() {
      over = true;
      for (const stop of stops) stop();
      // Without a server only the SDK may have been loaded, for the app's own instruments; they are sent too.
      try {
        await loaded;
        await inTime(opened, OPENING);
        await created?.shutdown();
      } catch (cause) {
        log.debug(`shutdown: ${cause}`);
      }
      resolveReady(undefined);
    },
  };
}

/** Once, whoever comes first. */
function endActive(request: RequestRecord): void {
  if (request.tag !== undefined) (request.tag as Total).value--;
  request.tag = undefined;
}

/** Milliseconds that a shutdown waits for what is being opened: as a rule it is, and takes along what was counted. */
const OPENING = 1_000;

/** Referenced: an app that waits for its shutdown, and for nothing else, is not at its end yet. */
async function inTime(done: Promise<unknown> | undefined, milliseconds: number): Promise<void> {
  if (done === undefined) return;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([done, late]).finally(() => clearTimeout(timer));
}

/** Milliseconds that the SDK waits once a server listens. */
const FIRST_CLIENTS = 50;

function recordOf(response: ServerResponse & { [RECORD]?: RequestRecord; stream?: { [RECORD]?: RequestRecord } }) {
  return response[RECORD] ?? response.stream?.[RECORD];
}

/**
 * Loads the SDK package by package, with a turn of the event loop between them: together they take a tenth of a second
 * in which a server that has just begun to listen would answer nobody. Its first clients often wait for it, so they first.
 */
async function loadSdk(config: Config, delay: number): Promise<void> {
  const require = createRequire(import.meta.url);
  const packages = ['api', 'core', 'resources', 'sdk-metrics', 'exporter-prometheus'];
  if (config.outgoing) packages.push('instrumentation-http', 'instrumentation-undici');
  // Unreferenced: a process whose server has closed again ends without it.
  if (delay > 0) await new Promise((resolve) => setTimeout(resolve, delay).unref());
  for (const name of packages) {
    await new Promise((resolve) => setImmediate(resolve));
    require(`@opentelemetry/${name}`);
  }
}
