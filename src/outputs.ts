import { hrTime } from '@opentelemetry/core';
import { lazy } from './base/lazy.ts';
import { log } from './base/log.ts';
import { type AppPackage, hasOwnSdk } from './config/app-package.ts';
import type { Config } from './config/variables.ts';
import { createOtlpPush, histogramKind, type Push, seriesTemporality } from './expose/push/otlp.ts';
import { chooseFormat, type Format, TEXT } from './expose/scrape/formats.ts';
import { createScrapeHandler, routeByPath } from './expose/scrape/handler.ts';
import type { Handler } from './expose/scrape/http-handler.ts';
import { below, STATUS_PATH } from './expose/scrape/on-app.ts';
import { createScraper } from './expose/scrape/scrape.ts';
import { listenFailure, serveMetrics } from './expose/scrape/server.ts';
import { createSnapshotHandler } from './expose/snapshot/handler.ts';
import { buildStatus, createStatusHandler, describeService, isLoopback, type MeasuredStatus } from './expose/status.ts';
import { connectDiagnostics } from './metrics/otel/diagnostics.ts';
import { ExportedMetrics } from './metrics/otel/exported-metrics.ts';
import type { Interval } from './metrics/otel/metric-data.ts';
import { SeriesProducer } from './metrics/otel/producer.ts';
import { createProvider, OnDemandReader, registerGlobally } from './metrics/otel/provider.ts';
import { createResource } from './metrics/otel/resource.ts';
import { createViews } from './metrics/otel/views.ts';
import { createProcessMetrics } from './metrics/process-metrics.ts';
import type { ProcessSeries } from './metrics/process-series.ts';
import type { GroupStatus } from './processes/process-group.ts';
import type { MakeScrape } from './processes/scrape.ts';
import { createServiceGroup, ownPid, portOf } from './processes/service-group.ts';

import { SNAPSHOT_PATH } from './snapshot.ts';
import type { ApmStatus } from './status.ts';

export interface OutputsOptions {
  readonly config: Config;
  readonly app: AppPackage | undefined;
  readonly series: ProcessSeries;
  /** Whether it is known which request makes an outgoing call. */
  readonly hasContext: boolean;
  /** For the status. */
  measured(): MeasuredStatus;
  /** Receives the metrics server before it listens, so that it does not measure itself. */
  onMetricsServer(server: object): void;
}

export interface Outputs {
  readonly scrape: MakeScrape;
  /** Answers a scrape, on any path. */
  readonly handler: Handler;
  /** Answers with the status, on any path. */
  readonly status: Handler;
  readStatus(): ApmStatus;
  /** The address of the metrics server, of this process or of the one that serves all; undefined where there is none. */
  readAddress(): string | undefined;
  /** Whether an HTTP call with these request options is one of our own pushes. */
  isOwnCall(options: object): boolean;
  /** Opens what a serving process has. */
  open(): Promise<void>;
  shutdown(): Promise<void>;
}

/** Loaded only where there is a page. */
const page = lazy<typeof import('./page/server/live.ts')>(() => require('./page/server/live.js'));

/** Wires metrics/ and processes/ to expose/: the MeterProvider, its readers, and the outputs. Loads the SDK. */
export function createOutputs(options: OutputsOptions): Outputs {
  const { config, app, series, hasContext, measured, onMetricsServer } = options;
  const readActive = () => series.active.read();
  const { host, metricsPath, authToken } = config;
  const ownSdk = hasOwnSdk(app);
  const sdkReader = new OnDemandReader();
  const resource = createResource(config, app);
  const { attributes } = resource;
  const views = createViews(config);
  const exported = new ExportedMetrics(views, series.kinds, config.metricNames === 'semconv');
  const since = hrTime();
  let push: Push | undefined;
  const disconnectDiagnostics = ownSdk ? () => {} : connectDiagnostics(app, (text) => push?.hideSecrets(text) ?? text);
  push = config.exporters.includes('otlp')
    ? createOtlpPush(
        config,
        new SeriesProducer({
          series: series.all,
          readActive,
          exported,
          temporality: seriesTemporality(config),
          histograms: histogramKind(config),
        }),
        resource,
      )
    : undefined;
  const provider = createProvider(resource, views, push ? [sdkReader, push.reader] : [sdkReader]);
  const unregister = ownSdk ? () => {} : registerGlobally(provider, app);

  const scrapeHere = createScraper(async (histograms) => {
    await exported.prepare(series.all.read());
    await exported.prepare(group.mergedSeries);
    const { snapshot, acknowledge } = await group.collect();
    const totals: Interval = { temporality: 'cumulative', start: since, end: hrTime() };
    const own = exported.convert(snapshot.series, snapshot.active, totals, histograms);
    return { metrics: { resource, scopeMetrics: [...own, ...snapshot.instruments] }, acknowledge };
  });
  const scrapeAs = async (scraper: string | undefined, format: Format) => {
    const pieces = await group.relayScrape(scraper);
    // Another process is asked only for text.
    if (pieces !== undefined) return { pieces, contentType: TEXT.contentType, acknowledge() {} };
    return { ...(await scrapeHere(scraper, format)), contentType: format.contentType };
  };
  const scrape: MakeScrape = async (scraper) => {
    const { pieces, acknowledge } = await scrapeAs(scraper, TEXT);
    return { pieces, acknowledge };
  };
  // At a route of the app, each scrape may reach another process, and only the leader has another format than text: a
  // Prometheus would see native histograms come and go.
  const handler = createScrapeHandler(scrape, authToken);
  const negotiate = createScrapeHandler((scraper, accept) => scrapeAs(scraper, chooseFormat(accept)), authToken);
  const readStatus = () => buildStatus(measured(), { config, attributes, group: group.status(), push });
  const status = createStatusHandler(readStatus, authToken);
  const live =
    config.page && portOf(config) !== undefined
      ? page().createLivePage({
          config,
          service: describeService(attributes),
          pid: ownPid,
          series,
          hasContext,
          isScraped: () => group.isScraped,
        })
      : undefined;
  const snapshot = createSnapshotHandler(() => group.collectSeries(), describeService(attributes), config);
  const besideScrape = {
    [STATUS_PATH]: status,
    [below(metricsPath, STATUS_PATH)]: status,
    [SNAPSHOT_PATH]: snapshot,
    [below(metricsPath, SNAPSHOT_PATH)]: snapshot,
  };
  const byPath = routeByPath(metricsPath, negotiate, besideScrape, live?.handlers);
  const group = createServiceGroup({
    config,
    app,
    kinds: series.kinds,
    local: createProcessMetrics(series.all, readActive, sdkReader),
    serve: (port) => serveMetrics(byPath, host, port, onMetricsServer),
    unable: (error, port) => log.warn(listenFailure(error, host, port)),
    scrape: scrapeHere,
    page: live,
  });

  return {
    scrape,
    handler,
    status,
    readStatus,
    isOwnCall: (options) => push?.isOwnCall(options) ?? false,
    readAddress: () => (config.metricsOnApp === undefined ? group.status()?.address : undefined),
    async open() {
      live?.start();
      await group.start();
      announce(config, group.status(), push, live?.path);
    },
    async shutdown() {
      live?.stop();
      unregister();
      await group.leave();
      await provider.shutdown();
      disconnectDiagnostics();
    },
  };
}

/** Logs the one start-up line, and warnings about combinations of scraping and pushing. */
function announce(config: Config, status: GroupStatus | undefined, push: Push | undefined, pagePath?: string): void {
  const outputs: string[] = [];
  const { address, merged } = status ?? {};
  const by = merged ? `, served by process ${status?.scrapedBy}` : '';
  const live = pagePath === undefined ? '' : ` (live page: ${address}${pagePath})`;
  if (config.metricsOnApp !== undefined) outputs.push(`metrics at ${config.metricsOnApp} on the app's own port${by}`);
  else if (address !== undefined) outputs.push(`metrics at ${address}${config.metricsPath}${live}${by}`);
  if (push) {
    const by = push.shownProxy === undefined ? '' : ` by the proxy ${push.shownProxy}`;
    outputs.push(`metrics pushed to ${push.shownUrl}${by} every ${config.exportInterval / 1000} s`);
  }
  if (outputs.length > 0) log.info(outputs.join('; '));
  const isOpen = address !== undefined && !isLoopback(config.host);
  const open = config.metricsOnApp !== undefined ? `${config.metricsOnApp} on the app's own port` : isOpen && address;
  if (open && config.authToken === undefined) {
    log.warn(
      `metrics at ${open} are readable without authentication; set APM_AUTH_TOKEN to require a bearer token`,
      'state',
    );
  }
  if (push && (address !== undefined || config.metricsOnApp !== undefined)) {
    log.warn(
      'metrics are both scraped and pushed: a Prometheus that receives both counts every request twice',
      'state',
    );
  }
}
