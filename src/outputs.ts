import { createRequire } from 'node:module';
import { PrometheusExporter } from '@opentelemetry/exporter-prometheus';
import type { ViewOptions } from '@opentelemetry/sdk-metrics';
import { guard } from './base/guard.ts';
import { log } from './base/log.ts';
import { type AppPackage, hasOwnSdk } from './config/app-package.ts';
import { serviceName } from './config/service.ts';
import type { Config } from './config/variables.ts';
import { createOtlpPush, type Push, seriesTemporality } from './expose/push/otlp.ts';
import { onPath, scrapeHandler } from './expose/scrape/handler.ts';
import { type Handler, STATUS_PATH, statusBelow } from './expose/scrape/on-app.ts';
import { type Scrape, scraper } from './expose/scrape/scrape.ts';
import { serveMetrics, unableToListen } from './expose/scrape/server.ts';
import { buildStatus, describeService, isLoopback, type MeasuredStatus, statusHandler } from './expose/status.ts';
import { connectDiagnostics } from './metrics/otel/diagnostics.ts';
import { measureOutgoing } from './metrics/otel/outgoing.ts';
import { SeriesProducer } from './metrics/otel/producer.ts';
import { createProvider, registerGlobally } from './metrics/otel/provider.ts';
import { resource as resourceOf } from './metrics/otel/resource.ts';
import { OutgoingCalls } from './metrics/outgoing-calls.ts';
import { createProcessMetrics } from './metrics/process-metrics.ts';
import type { RequestSeries } from './metrics/series.ts';
import type { Live, LiveOptions } from './page/server/live.ts';
import type { GroupStatus } from './processes/process-group.ts';
import { ownPid, portOf, serviceGroup } from './processes/service-group.ts';
import type { ApmStatus } from './status.ts';

export interface OutputsOptions {
  readonly config: Config;
  readonly app: AppPackage | undefined;
  readonly series: RequestSeries;
  readonly views: ViewOptions[];
  /** For the status. */
  measured(): MeasuredStatus;
  /** Told of the metrics server before it listens, so that it does not measure itself. */
  own(server: object): void;
}

export interface Outputs {
  readonly scrape: Scrape;
  /** Answers a scrape, on any path. */
  readonly handler: Handler;
  /** Answers with the status, likewise. */
  readonly status: Handler;
  readStatus(): ApmStatus;
  /** Starts what a serving process has: the metrics server and the measuring of outgoing calls. */
  open(): Promise<void>;
  shutdown(): Promise<void>;
}

/** Wires metrics/ and processes/ to expose/: the MeterProvider, its readers, and what they are read by. Loads the SDK. */
export function createOutputs({ config, app, series, views, measured, own }: OutputsOptions): Outputs {
  const ownSdk = hasOwnSdk(app);
  const pull = new PrometheusExporter({ preventServerStart: true });
  const resource = resourceOf(config, app);
  let push: Push | undefined;
  const disconnectDiagnostics = ownSdk ? () => {} : connectDiagnostics(app, (text) => push?.hideSecrets(text) ?? text);
  push = config.exporters.includes('otlp')
    ? createOtlpPush(config, new SeriesProducer(series, seriesTemporality(config)), resource)
    : undefined;
  const provider = createProvider(resource, views, push ? [pull, push.reader] : [pull]);
  const unregister = ownSdk ? () => {} : registerGlobally(provider, app);
  const { attributes } = resource;
  const calls = new OutgoingCalls(config.buckets);

  /** Of each text, whom to tell that it was given. */
  const whenGiven = new WeakMap<object, () => void>();
  const given = (pieces: object) => guard('say what was scraped', () => whenGiven.get(pieces)?.());
  const here = scraper(
    async () => ({ resource, scopeMetrics: await group.collect() }),
    (pieces) => whenGiven.set(pieces, group.given),
  );
  const scrape = async () => (await group.relayed()) ?? here();
  const giving = (make: Scrape) => async () => {
    const pieces = await make();
    given(pieces);
    return pieces;
  };
  const handler = scrapeHandler(scrape, config.authToken, given);
  const readStatus = () => buildStatus(measured(), { config, attributes, ownSdk, group: group.status(), push });
  const status = statusHandler(readStatus, config.authToken);
  const { host, metricsPath } = config;
  const page: Live | undefined =
    config.page && portOf(config) !== undefined
      ? livePage({
          config,
          service: describeService(attributes),
          pid: ownPid,
          series,
          calls,
          isScraped: () => group.isScraped,
        })
      : undefined;
  const paths = onPath(metricsPath, handler, {
    ...page?.handlers,
    [STATUS_PATH]: status,
    [statusBelow(metricsPath)]: status,
  });
  const group = serviceGroup({
    config,
    name: serviceName(config, app),
    local: createProcessMetrics(series, pull),
    serve: (port) => serveMetrics(paths, host, port, own),
    unable: (error, port) => log.warn(unableToListen(error, host, port)),
    scrape: giving(here),
    page,
  });
  let stopOutgoing = () => {};

  return {
    scrape: giving(scrape),
    handler,
    status,
    readStatus,
    async open() {
      if (config.outgoing && ownSdk) log.info('outgoing calls are left to the OpenTelemetry SDK this app brings');
      else if (config.outgoing) {
        const isOwnCall = (options: object) => push?.isOwnCall(options) ?? false;
        stopOutgoing =
          guard('measure outgoing calls', () => measureOutgoing(provider, isOwnCall, page && calls)) ?? stopOutgoing;
      }
      page?.start();
      await group.start();
      announce(config, group.status(), push, page?.path);
    },
    async shutdown() {
      stopOutgoing();
      page?.stop();
      unregister();
      await group.leave();
      await provider.shutdown();
      disconnectDiagnostics();
    },
  };
}

/** Loaded only where there is a page. */
const livePage = (options: LiveOptions): Live =>
  createRequire(import.meta.url)('./page/server/live.js').livePage(options);

/** The one start-up line, and what is worth a warning about the ways out taken together. */
function announce(config: Config, standing: GroupStatus | undefined, push: Push | undefined, page?: string): void {
  const ways: string[] = [];
  const { address, merged } = standing ?? {};
  const others = merged ? `, with those of process ${standing?.scrapedBy}` : '';
  const live = page === undefined ? '' : ` (live page: ${address}${page})`;
  if (config.metricsOnApp !== undefined) ways.push(`metrics at ${config.metricsOnApp} on the app's own port${others}`);
  else if (address !== undefined) ways.push(`metrics at ${address}${config.metricsPath}${live}${others}`);
  if (push) ways.push(`metrics pushed to ${push.shownUrl} every ${config.exportInterval / 1000} s`);
  if (ways.length > 0) log.info(ways.join('; '));
  if (address !== undefined && !isLoopback(config.host) && config.authToken === undefined) {
    log.warn(`whoever reaches ${address} can read the metrics; APM_AUTH_TOKEN asks for a token`, 'state');
  }
  if (push && (address !== undefined || config.metricsOnApp !== undefined)) {
    log.warn(
      'metrics are both scraped and pushed: a Prometheus that gets both ways counts every request twice',
      'state',
    );
  }
}
