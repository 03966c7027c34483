import type { Ignore } from './config/ignore.ts';
import type { PathMatcher } from './config/path-patterns.ts';
import type { Context } from './context/context.ts';
import type { RequestContext } from './context/request-context.ts';
import type { ActiveRequests } from './metrics/model.ts';
import type { ProcessSeries, SchemeSeries } from './metrics/process-series.ts';
import { appRequestOf, arrivingRequestOf } from './requests/app-request.ts';
import type { LabelReader } from './requests/label-values.ts';
import type { AnyServer, RequestRecord, RequestSink } from './requests/request-record.ts';
import type { ResolvedPath } from './route/capped-paths.ts';
import type { RouteResolver } from './route/resolver.ts';
import { countEnded } from './route/servers.ts';
import type { UnlinkedScrapes } from './unlinked-scrapes.ts';

export interface PipelineOptions {
  readonly resolver: RouteResolver;
  readonly series: Pick<ProcessSeries, 'plain' | 'encrypted' | 'timeSpent'>;
  /** Undefined where it is not known which request makes a call. */
  readonly context: Context | undefined;
  /** Reads the app's own labels; undefined where there are none. */
  readonly readLabels: LabelReader | undefined;
  readonly ignored: IgnoredRequests;
  /** `APM_UNTIMED_PATHS`; undefined where it is empty */
  readonly untimed: PathMatcher | undefined;
  /** Whether a server is our own metrics server, which is not measured. */
  readonly isMetricsServer: (server: AnyServer) => boolean;
  readonly unlinkedScrapes: UnlinkedScrapes;
  /** Called at the first request of each server, because some servers never listen. */
  readonly onServer: (server: AnyServer) => void;
}

/**
 * The requests that are not measured.
 * @property paths  `APM_IGNORE_PATHS`; undefined where it is empty
 * @property where  `setupApm({ ignore })`, which may be called after the first requests
 */
export interface IgnoredRequests {
  readonly paths: PathMatcher | undefined;
  where: Ignore | undefined;
}

/** What runs once per request: its arrival, and at its end route and series. Nothing here waits, loads or logs. */
export function createPipeline(options: PipelineOptions): RequestSink {
  const { resolver, context, readLabels, ignored, untimed, isMetricsServer, onServer, unlinkedScrapes } = options;
  const { plain, encrypted, timeSpent } = options.series;
  const { paths } = ignored;
  const seriesOf = (request: RequestRecord): SchemeSeries =>
    encrypted !== undefined && request.isEncrypted ? encrypted : plain;
  const isUntimed = ({ url, method }: RequestRecord, path: string): boolean =>
    untimed !== undefined && (untimed.matchesLabel(path, method) || untimed.matchesUrl(url, method));
  const isMeasured = (request: RequestRecord): boolean => {
    if (isMetricsServer(request.server)) return false;
    if (resolver.requestArrives(request.server, request.key)) onServer(request.server);
    return !paths?.matchesUrl(request.url, request.method) && !ignored.where?.(arrivingRequestOf(request));
  };
  return {
    arrived(request) {
      if (!isMeasured(request)) {
        context?.leave();
        return false;
      }
      if (context !== undefined) request.context = context.enter(request);
      const active = seriesOf(request).requests.activeOf(request.method);
      active.requests++;
      request.tag = active;
      return true;
    },
    ended(request) {
      endActive(request);
      const spent = request.context as RequestContext | undefined;
      spent?.end(request.start, request.seconds * 1000);
      if (request.ignored || (unlinkedScrapes.size > 0 && unlinkedScrapes.take(request))) return;
      const resolved = resolver.resolve(request);
      countEnded(request.server, resolved, request.status);
      const { path, routed } = resolved;
      if (paths?.matchesLabel(path, request.method)) return;
      const seconds = request.heldOpen || isUntimed(request, path) ? undefined : request.seconds;
      const series = seriesOf(request);
      const requests =
        readLabels === undefined ? series.requests : series.labelled.find(readLabels(appRequestOf(request)));
      requests.record(path, request.method, request.status, seconds, !routed);
      if (spent !== undefined && seconds !== undefined) {
        timeSpent.record(path, series.requests.methodLabel(request.method), seconds, spent, !routed);
      }
      if (request.sizes !== undefined) recordSizes(series, resolved, request);
    },
    left: endActive,
  };
}

function recordSizes(series: SchemeSeries, { path, routed }: ResolvedPath, { method, sizes }: RequestRecord): void {
  const label = series.requests.methodLabel(method);
  series.requestSizes.record(path, label, sizes?.request ?? 0, !routed);
  series.responseSizes.record(path, label, sizes?.response ?? 0, !routed);
}

/** Takes a request out of the metrics: it is a scrape. At once, because otherwise every scrape would show itself. */
export function leaveOut(request: RequestRecord): void {
  request.ignored = true;
  endActive(request);
}

function endActive(request: RequestRecord): void {
  if (request.tag !== undefined) (request.tag as ActiveRequests).requests--;
  request.tag = undefined;
}
