import { URL_SCHEME } from '../semconv.ts';
import { CallSeries } from './call-series.ts';
import { CardinalityCap } from './cardinality-cap.ts';
import { createKinds, type KindOptions, type Kinds } from './kinds.ts';
import type { ActiveRequests } from './model.ts';
import { RequestSeries } from './request-series.ts';
import { SeriesSet } from './series-set.ts';

export interface ProcessSeriesOptions extends KindOptions {
  /** `APM_MAX_PATHS`: distinct hosts; later ones are counted as `other`. */
  readonly maxPaths: number;
  /** `OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS` */
  readonly knownMethods: readonly string[];
  /** `APM_METRIC_NAMES` */
  readonly metricNames?: 'apm' | 'semconv';
}

/**
 * What this process counts.
 * @property all       every series
 * @property requests  where requests are recorded
 * @property encryptedRequests  where those over an encrypted connection are recorded, if apart
 * @property calls     where outgoing calls are recorded
 */
export interface ProcessSeries {
  readonly kinds: Kinds;
  readonly all: SeriesSet;
  readonly requests: RequestSeries;
  readonly encryptedRequests: RequestSeries | undefined;
  readonly calls: CallSeries;
}

export function createProcessSeries(options: ProcessSeriesOptions): ProcessSeries {
  const { maxPaths, knownMethods, metricNames } = options;
  const kinds = createKinds(options);
  // The resolver of routes has the cap on paths.
  const all = new SeriesSet(kinds, { host: new CardinalityCap(maxPaths) });
  const createRequests = (scheme?: string, active?: ActiveRequests[]) =>
    new RequestSeries(all.tables.requests, knownMethods, scheme && JSON.stringify({ [URL_SCHEME]: scheme }), active);
  // The conventions require the scheme. The default names have no label for it, so there the series are not split by it.
  const isSplit = metricNames === 'semconv';
  const requests = createRequests(isSplit ? 'http' : undefined);
  return {
    kinds,
    all,
    requests,
    encryptedRequests: isSplit ? createRequests('https', requests.active) : undefined,
    calls: new CallSeries(all.tables.calls),
  };
}
