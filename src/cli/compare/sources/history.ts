import { getOrAdd } from '../../../base/get-or-add.ts';
import type { FineHistogram } from '../../../base/histogram/fine-histogram.ts';
import { BoundsMismatch, InputError } from '../../input-error.ts';
import { identifyOutgoing } from './outgoing-identity.ts';
import {
  type CallSeries,
  identifySeries,
  type RequestSeries,
  type Series,
  type SeriesPart,
  type TimeSpentSeries,
} from './series-identity.ts';

/** A series as it is stored; each bucket of a histogram is one. Times are seconds since 1970, ascending. */
export interface StoredSeries {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: readonly (readonly [time: number, value: number | NativeHistogram])[];
}

/** A sample of a native histogram of Prometheus. */
export interface NativeHistogram {
  readonly fine: FineHistogram;
  readonly sum: number;
  /** Buckets that are not empty. */
  readonly bucketCount: number;
}

/**
 * The cumulative values of one series at one time.
 * @property values  of a counter: its value; of a histogram: the count of each bucket, not cumulative, then the sum. A native
 *                   histogram has one bucket here
 * @property fine    of a histogram in a snapshot, and of a native histogram: the same values in narrow buckets
 */
export interface HistoryPoint {
  readonly time: number;
  readonly values: readonly number[];
  readonly fine?: FineHistogram | undefined;
}

/** The points of one series, oldest first. */
export interface History {
  readonly series: Series;
  readonly points: readonly HistoryPoint[];
}

/**
 * The bounds that all histograms of a side must have: those of the first one. The other side must have the same, unless both
 * have fine histograms, which can be compared whatever the bounds are.
 */
export class SharedBounds {
  /** Of the histograms of outgoing calls, where these are read. Other SDKs have other bounds for databases. */
  readonly outgoing: { readonly http: SharedBounds; readonly databases: SharedBounds } | undefined;
  #seconds: readonly number[] | undefined;
  #areFine = false;
  #otherSide: SharedBounds | undefined;

  constructor(withOutgoing = false) {
    this.outgoing = withOutgoing ? { http: new SharedBounds(), databases: new SharedBounds() } : undefined;
  }

  /** The bounds of two sides. */
  static pair(): [SharedBounds, SharedBounds] {
    const [one, other] = [new SharedBounds(), new SharedBounds()];
    one.#otherSide = other;
    other.#otherSide = one;
    return [one, other];
  }

  /** The bounds of a series. */
  of(series: Pick<CallSeries, 'kind' | 'isDatabase'> | RequestSeries | TimeSpentSeries): SharedBounds {
    if (series.kind !== 'calls' || this.outgoing === undefined) return this;
    return series.isDatabase ? this.outgoing.databases : this.outgoing.http;
  }

  /** In seconds, ascending, without +Inf; empty before the first histogram. */
  get seconds(): readonly number[] {
    return this.#seconds ?? [];
  }

  /**
   * @param areFine  whether its histograms are fine, too
   * @throws BoundsMismatch
   */
  assertSame(source: string, seconds: readonly number[], areFine = false): void {
    this.#seconds ??= seconds;
    this.#areFine = areFine;
    const other = this.#otherSide;
    const isFree = other === undefined || (areFine && other.#areFine);
    for (const expected of [this.#seconds, isFree ? undefined : other.#seconds]) {
      const isSame = expected?.length === seconds.length && expected.every((bound, i) => bound === seconds[i]);
      if (expected !== undefined && !isSame) throw new BoundsMismatch(source, expected, seconds);
    }
  }
}

/** The series whose names begin with the prefix, named without it. */
export const withoutPrefix = (stored: readonly StoredSeries[], prefix: string): readonly StoredSeries[] =>
  prefix === ''
    ? stored
    : stored
        .filter(({ name }) => name.startsWith(prefix))
        .map((series) => ({ ...series, name: series.name.slice(prefix.length) }));

/** The values of one series at one time, by part. */
interface Parts {
  readonly numbers: Map<Exclude<SeriesPart['part'], 'native'>, number>;
  native?: NativeHistogram;
}

/**
 * Joins the stored buckets of each histogram. Ignores series of other metrics and incomplete histograms.
 * @param source  for messages
 * @throws BoundsMismatch
 * @throws InputError where no histogram is complete, or values are negative
 */
export function buildHistories(stored: Iterable<StoredSeries>, source: string, bounds: SharedBounds): History[] {
  const collected = collectParts(stored, bounds.outgoing !== undefined);
  const histories = collected.map(({ series, partsAt }) => ({
    series,
    points: Array.from(partsAt)
      .sort(([a], [b]) => a - b)
      .flatMap(([time, parts]) => {
        const value = parts.numbers.get('value');
        const values = value === undefined ? bucketCounts(parts, source, bounds.of(series)) : [value];
        if (!values?.every(Number.isFinite)) return [];
        if (values.some((value) => value < 0)) throw negativeValue(source, series);
        return [{ time, values, ...(parts.native && { fine: parts.native.fine }) }];
      }),
  }));
  const durations = histories.filter(
    ({ series }, i) => series.kind === 'durations' && collected[i]?.partsAt.size !== 0,
  );
  if (durations.length > 0 && durations.every(({ points }) => points.length === 0)) {
    throw new InputError(
      `${source} has no complete histogram: the _bucket series, including le="+Inf", and the _sum series are needed`,
    );
  }
  return histories;
}

function collectParts(
  stored: Iterable<StoredSeries>,
  withOutgoing: boolean,
): { series: Series; partsAt: Map<number, Parts> }[] {
  const found = new Map<string, { series: Series; partsAt: Map<number, Parts> }>();
  for (const { name, labels, samples } of stored) {
    const identified = identifySeries(name, labels) ?? (withOutgoing ? identifyOutgoing(name, labels) : undefined);
    if (!identified) continue;
    const { series, part } = identified;
    const one = found.get(series.id) ?? { series, partsAt: new Map<number, Parts>() };
    found.set(series.id, one);
    for (const [time, value] of samples) {
      // Another exporter may have a metric with the name of our histogram.
      if ((part === 'native') !== (typeof value === 'object')) continue;
      const parts = getOrAdd(one.partsAt, time, (): Parts => ({ numbers: new Map() }));
      if (part === 'native') parts.native = value as NativeHistogram;
      else parts.numbers.set(part, value as number);
    }
  }
  return [...found.values()];
}

function negativeValue(source: string, series: Series): InputError {
  const isCounter = series.kind === 'requests' || series.kind === 'timeSpent';
  const problem = isCounter ? 'a counter below 0' : 'a histogram with decreasing buckets';
  const name = series.kind === 'calls' ? series.called : series.endpoint;
  return new InputError(
    `${source} has ${problem} (${JSON.stringify(name)}), which @org/apm never writes; remove it, or select others with --path`,
  );
}

/** The count of each bucket, then the sum; undefined where a part is missing. */
function bucketCounts({ numbers, native }: Parts, source: string, bounds: SharedBounds): number[] | undefined {
  if (native !== undefined) {
    bounds.assertSame(source, [], true);
    return [native.fine.total, native.sum];
  }
  const sum = numbers.get('sum');
  if (sum === undefined || !numbers.has(Number.POSITIVE_INFINITY)) return undefined;
  const upperBounds = [...numbers.keys()].filter((part) => typeof part === 'number').sort((a, b) => a - b);
  if (upperBounds.length === 1) {
    throw new InputError(
      `${source} has histograms without bounds; if they are native histograms, set scrape_native_histograms: true in the scrape job`,
    );
  }
  bounds.assertSame(source, upperBounds.slice(0, -1));
  const cumulative = upperBounds.map((bound) => numbers.get(bound) as number);
  return [...cumulative.map((count, i) => count - (cumulative[i - 1] ?? 0)), sum];
}
