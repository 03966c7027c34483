import type { MetricReader } from '@opentelemetry/sdk-metrics';
import type { Snapshot } from './aggregate.ts';
import { createDeltaTaker } from './deltas.ts';
import type { Increments, States } from './increments.ts';
import type { ActiveRequests } from './model.ts';
import { collectNow } from './otel/collect-now.ts';
import { reportCollectionErrors } from './otel/collection-errors.ts';
import { InstrumentDeltas } from './otel/instrument-deltas.ts';
import { sanitizeAttributes } from './otel/sanitize-attributes.ts';
import type { SeriesByKind, SeriesSet } from './series-set.ts';

/** What a process reports once: increments since its last report, and states as of now. */
interface Report {
  readonly increments: Increments;
  readonly states: States;
}

/** The metrics of this process. What was taken is not taken again. */
export interface ProcessMetrics {
  /**
   * Takes everything. Asks the app's own observable instruments, which may take a while.
   * @param keep called with the increments at once when they are taken: the process may exit before the promise settles
   */
  takeAll(keep: (increments: Increments) => void): Promise<States>;
  /** Takes our own series alone, at once: cheap enough for several times a second. */
  takeSeries(): Increments;
  /** Takes everything that can be had at once, in a process that is about to exit. */
  takeNow(): Report;
  /** Our own series since the start of the process, whether they were taken or not. They are the live ones. */
  readSeries(): SeriesByKind;
  /** Everything since the start of the process, likewise. */
  readTotals(): Promise<Snapshot>;
}

/** Longest time a scrape waits for the app's own observable callbacks. */
const OBSERVE_TIMEOUT_MS = 5_000;

/**
 * @param readActive reads the requests in flight
 * @param sdk        the reader of the app's own instruments
 */
export function createProcessMetrics(
  series: SeriesSet,
  readActive: () => readonly ActiveRequests[],
  sdk: MetricReader,
): ProcessMetrics {
  const takeDeltas = createDeltaTaker(series);
  const instrumentDeltas = new InstrumentDeltas();
  const collect = async () => {
    const { resourceMetrics, errors } = await sdk.collect({ timeoutMillis: OBSERVE_TIMEOUT_MS });
    reportCollectionErrors(errors, resourceMetrics.scopeMetrics, sdk);
    return sanitizeAttributes(resourceMetrics.scopeMetrics);
  };
  const report = (instruments: Parameters<InstrumentDeltas['take']>[0]): Report => {
    const { increments, states } = instrumentDeltas.take(instruments);
    return {
      increments: { series: takeDeltas(), instruments: increments },
      states: { active: readActive().map((each) => ({ ...each })), instruments: states },
    };
  };
  return {
    async takeAll(keep) {
      const { increments, states } = report(await collect());
      keep(increments);
      return states;
    },
    takeSeries: () => ({ series: takeDeltas(), instruments: [] }),
    takeNow: () => report(sanitizeAttributes(collectNow(sdk))),
    readSeries: () => series.read(),
    async readTotals() {
      const instruments = await collect();
      return { series: series.read(), active: readActive(), instruments };
    },
  };
}
