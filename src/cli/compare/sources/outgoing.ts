import { addCounts, totalCount } from '../../../base/counts.ts';
import { getOrAdd } from '../../../base/get-or-add.ts';
import { ExplicitHistogram } from '../../../base/histogram/explicit-histogram.ts';
import { FineHistogram } from '../../../base/histogram/fine-histogram.ts';
import type { Histogram } from '../../../base/histogram/histogram.ts';
import type { Side } from '../../../statistics/model.ts';
import type { SharedBounds } from './history.ts';
import type { CallSeries, TimeSpentSeries } from './series-identity.ts';

/**
 * The calls of one kind in a period.
 * @property called     a host, or system and host of a database
 * @property operation  the method of HTTP, or the operation of a database
 * @property failed     without an answer, or answered with 5xx; undefined of databases, where it is not known
 * @property seconds    that they took together
 */
export interface CallTotals {
  readonly called: string;
  readonly operation: string;
  readonly calls: number;
  readonly failed: number | undefined;
  readonly seconds: number;
  readonly histogram: Histogram;
}

/** Seconds that an endpoint spent on something; `slow` are those of slow requests among them. */
export interface SpentSeconds {
  readonly seconds: number;
  readonly slow: number;
}

/**
 * What is known of the outgoing calls of a period.
 * @property timeSpent  by endpoint, then by what the time was spent on
 */
export interface Outgoing {
  readonly calls: readonly CallTotals[];
  readonly timeSpent: ReadonlyMap<string, ReadonlyMap<string, SpentSeconds>>;
}

/** A period with its outgoing calls. */
export interface Period {
  readonly side: Side;
  readonly outgoing: Outgoing;
}

interface RunningCalls extends Pick<CallSeries, 'called' | 'operation' | 'isDatabase'> {
  failed: number;
  seconds: number;
  counts: number[];
  fine: FineHistogram | undefined;
}

/** Adds up what is known of outgoing calls. */
export class OutgoingBuilder {
  readonly #calls = new Map<string, RunningCalls>();
  readonly #timeSpent = new Map<string, Map<string, { seconds: number; slow: number }>>();

  /** @param values of an increase */
  add(series: CallSeries | TimeSpentSeries, values: readonly number[], fine: FineHistogram | undefined): void {
    if (series.kind === 'calls') this.#addCalls(series, values, fine);
    else this.#addTime(series, values[0] ?? 0);
  }

  #addCalls(series: CallSeries, values: readonly number[], fine: FineHistogram | undefined): void {
    const { called, operation, isDatabase, error } = series;
    const counts = values.slice(0, -1);
    const sum = getOrAdd(
      this.#calls,
      `${called}\0${operation}`,
      (): RunningCalls => ({ called, operation, isDatabase, failed: 0, seconds: 0, counts: [], fine: undefined }),
    );
    if (sum.counts.length === 0) sum.counts = counts;
    else addCounts(sum.counts, counts);
    if (error) sum.failed += totalCount(counts);
    sum.seconds += values.at(-1) as number;
    if (fine !== undefined) sum.fine = (sum.fine ?? new FineHistogram()).add(fine);
  }

  #addTime({ endpoint, on, isSlow }: TimeSpentSeries, seconds: number): void {
    const byName = getOrAdd(this.#timeSpent, endpoint, () => new Map<string, { seconds: number; slow: number }>());
    const spent = getOrAdd(byName, on, () => ({ seconds: 0, slow: 0 }));
    spent.seconds += seconds;
    if (isSlow) spent.slow += seconds;
  }

  build(bounds: SharedBounds): Outgoing {
    const calls = Array.from(this.#calls.values(), (one): CallTotals => {
      const { called, operation, isDatabase, failed, seconds, counts, fine } = one;
      return {
        called,
        operation,
        calls: totalCount(counts),
        failed: isDatabase ? undefined : failed,
        seconds,
        histogram: fine ?? new ExplicitHistogram(bounds.of({ ...one, kind: 'calls' }).seconds, counts),
      };
    });
    return { calls: calls.filter((one) => one.calls > 0), timeSpent: this.#timeSpent };
  }
}
