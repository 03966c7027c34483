import { URL_SCHEME } from '../semconv.ts';
import { CallSeries } from './call-series.ts';
import { createCallCaps } from './cardinality-cap.ts';
import { type CallLabels, createKinds, type DatabaseCallLabels, type KindOptions, type Kinds } from './kinds.ts';
import { LabelledSeries } from './labelled-series.ts';
import type { Labels } from './model.ts';
import { RequestSeries } from './request-series.ts';
import { RequestsInFlight } from './requests-in-flight.ts';
import { SeriesSet } from './series-set.ts';
import { SizeSeries } from './size-series.ts';
import { TimeSeries } from './time-series.ts';

export interface ProcessSeriesOptions extends KindOptions {
  /** `APM_MAX_PATHS`: distinct hosts; later ones are counted as `other`. */
  readonly maxPaths: number;
  /** `OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS` */
  readonly knownMethods: readonly string[];
  /** `APM_METRIC_NAMES` */
  readonly metricNames?: 'apm' | 'semconv';
  /** `APM_SLOW`, seconds */
  readonly slow?: number;
}

/**
 * Where the requests over plain, or over encrypted connections are recorded.
 * @property labelled  those with labels of the app's own, where there are any
 */
export interface SchemeSeries {
  readonly requests: RequestSeries;
  readonly labelled: LabelledSeries;
  readonly requestSizes: SizeSeries;
  readonly responseSizes: SizeSeries;
}

/**
 * What this process counts.
 * @property all        every series
 * @property active     requests in flight
 * @property encrypted  undefined where they are not counted apart
 * @property calls      where outgoing HTTP calls are recorded
 */
export interface ProcessSeries {
  readonly kinds: Kinds;
  readonly all: SeriesSet;
  readonly active: RequestsInFlight;
  readonly plain: SchemeSeries;
  readonly encrypted: SchemeSeries | undefined;
  readonly calls: CallSeries<CallLabels>;
  readonly databaseCalls: CallSeries<DatabaseCallLabels>;
  readonly timeSpent: TimeSeries;
}

export function createProcessSeries(options: ProcessSeriesOptions): ProcessSeries {
  const { maxPaths, metricNames, labels = {}, slow = Number.POSITIVE_INFINITY } = options;
  const kinds = createKinds(options);
  // The resolver of routes has the cap on paths.
  const all = new SeriesSet(kinds, createCallCaps(maxPaths));
  const active = new RequestsInFlight();
  const knownMethods = new Set(options.knownMethods);
  const createSeries = (scheme?: string): SchemeSeries => {
    const details = scheme && JSON.stringify({ [URL_SCHEME]: scheme });
    const createRequests = (own: Labels) =>
      new RequestSeries({ table: all.tables.requests, knownMethods, active, details, labels: own });
    return {
      requests: createRequests({}),
      labelled: new LabelledSeries(Object.keys(labels), createRequests),
      requestSizes: new SizeSeries(all.tables.requestSizes, details),
      responseSizes: new SizeSeries(all.tables.responseSizes, details),
    };
  };
  // The conventions require the scheme. The default names have no label for it, so there the series are not split by it.
  const isSplit = metricNames === 'semconv';
  return {
    kinds,
    all,
    active,
    plain: createSeries(isSplit ? 'http' : undefined),
    encrypted: isSplit ? createSeries('https') : undefined,
    calls: new CallSeries(all.tables.calls),
    databaseCalls: new CallSeries(all.tables.databaseCalls),
    timeSpent: new TimeSeries(all.tables.timeSpent, slow),
  };
}
