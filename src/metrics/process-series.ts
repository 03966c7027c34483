import { CallSeries } from './call-series.ts';
import { CardinalityCap } from './cardinality-cap.ts';
import { createKinds, type KindOptions, type Kinds } from './kinds.ts';
import { RequestSeries } from './request-series.ts';
import { SeriesSet } from './series-set.ts';

export interface ProcessSeriesOptions extends KindOptions {
  /** `APM_MAX_PATHS`: distinct hosts; later ones are counted as `other`. */
  readonly maxPaths: number;
  /** `OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS` */
  readonly knownMethods: readonly string[];
}

/**
 * What this process counts.
 * @property all       every series
 * @property requests  where requests are recorded
 * @property calls     where outgoing calls are recorded
 */
export interface ProcessSeries {
  readonly kinds: Kinds;
  readonly all: SeriesSet;
  readonly requests: RequestSeries;
  readonly calls: CallSeries;
}

export function createProcessSeries(options: ProcessSeriesOptions): ProcessSeries {
  const kinds = createKinds(options);
  // The resolver of routes has the cap on paths.
  const all = new SeriesSet(kinds, { host: new CardinalityCap(options.maxPaths) });
  return {
    kinds,
    all,
    requests: new RequestSeries(all.tables.requests, options.knownMethods),
    calls: new CallSeries(all.tables.calls),
  };
}
