import type { MetricReader } from '@opentelemetry/sdk-metrics';
import { forEachInTurns } from '../base/yield.ts';
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
   * @param keep called with each part of the increments at once when it is taken: the process may exit before the promise
   * settles
   */
  takeAll(keep: (increments: Increments) => void): Promise<States>;
  /**
   * Takes our own series alone, in parts that are each short enough for one turn of the event loop. Keep each part at once.
   */
  takeSeries(): Iterator<Increments, void> & Iterable<Increments>;
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
  const copyActive = () => readActive().map((each) => ({ ...each }));
  function* takeSeries(): Generator<Increments, void> {
    for (const series of takeDeltas.inParts()) yield { series, instruments: [] };
  }
  return {
    async takeAll(keep) {
      const { increments, states } = instrumentDeltas.take(await collect());
      keep({ series: {}, instruments: increments });
      await forEachInTurns(takeSeries(), keep);
      return { active: copyActive(), instruments: states };
    },
    takeSeries,
    takeNow() {
      const { increments, states } = instrumentDeltas.take(sanitizeAttributes(collectNow(sdk)));
      return {
        increments: { series: takeDeltas(), instruments: increments },
        states: { active: copyActive(), instruments: states },
      };
    },
    readSeries: () => series.read(),
    async readTotals() {
      const instruments = await collect();
      return { series: series.read(), active: readActive(), instruments };
    },
  };
}
