import { BadInput, DifferentBounds } from '../../input-error.ts';
import { type Meaning, meaningOf, type Series } from './series-identity.ts';

/** A series as it is stored: each bucket of a histogram is one. Times are seconds since 1970, ascending. */
export interface Stored {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly samples: readonly (readonly [time: number, value: number])[];
}

/** @property values  of a counter its own; of a histogram how many fell into each bucket, not cumulative, then the sum */
export interface Reading {
  readonly time: number;
  readonly values: readonly number[];
}

/** What one series said, oldest first. */
export interface History {
  readonly series: Series;
  readonly readings: readonly Reading[];
}

/** The bounds that all histograms of a comparison must have; those of the first one met. */
export class Bounds {
  #seconds: readonly number[] | undefined;

  /** In seconds, ascending, without the last bucket's, which has none; empty as long as no histogram was met. */
  get seconds(): readonly number[] {
    return this.#seconds ?? [];
  }

  /** @throws DifferentBounds */
  meet(where: string, seconds: readonly number[]): void {
    this.#seconds ??= seconds;
    const known = this.#seconds;
    if (known.length === seconds.length && known.every((bound, i) => bound === seconds[i])) return;
    throw new DifferentBounds(where, known, seconds);
  }
}

/** What one series said at one time. */
type Parts = Map<Meaning['part'], number>;

/**
 * Puts the buckets of each histogram together again. Series of others are left out, as is a histogram that is not whole.
 * @param where  what messages call it
 * @throws DifferentBounds
 * @throws BadInput where no histogram is whole
 */
export function histories(stored: Iterable<Stored>, where: string, bounds: Bounds): History[] {
  const found = new Map<string, { series: Series; at: Map<number, Parts> }>();
  for (const { name, labels, samples } of stored) {
    const meaning = meaningOf(name, labels);
    if (!meaning) continue;
    const { series, part } = meaning;
    const one = found.get(series.id) ?? { series, at: new Map<number, Parts>() };
    found.set(series.id, one);
    for (const [time, value] of samples) {
      const parts = one.at.get(time);
      if (parts) parts.set(part, value);
      else one.at.set(time, new Map([[part, value]]));
    }
  }
  const all = [...found.values()].map(({ series, at }) => ({
    series,
    readings: [...at]
      .sort(([a], [b]) => a - b)
      .flatMap(([time, parts]) => {
        const values = series.kind === 'requests' ? [parts.get('value') as number] : spread(parts, where, bounds);
        if (!values?.every(Number.isFinite)) return [];
        if (values.every((value) => value >= 0)) return [{ time, values }];
        throw new BadInput(
          `${where} has a ${series.kind === 'requests' ? 'counter below 0' : 'histogram whose buckets fall'} (${JSON.stringify(series.endpoint)}), which none of ours does; leave out what wrote it, or give --path`,
        );
      }),
  }));
  const durations = all.filter(({ series }) => series.kind === 'durations' && found.get(series.id)?.at.size !== 0);
  if (durations.length > 0 && durations.every(({ readings }) => readings.length === 0)) {
    throw new BadInput(
      `${where} has no whole histogram: its _bucket series, le="+Inf" among them, and its _sum are needed`,
    );
  }
  return all;
}

/** How many fell into each bucket, and the sum; undefined where not all of it is there. */
function spread(parts: Parts, where: string, bounds: Bounds) {
  const sum = parts.get('sum');
  if (sum === undefined || !parts.has(Number.POSITIVE_INFINITY)) return undefined;
  const upTo = [...parts.keys()].filter((part) => typeof part === 'number').sort((a, b) => a - b);
  bounds.meet(where, upTo.slice(0, -1));
  let before = 0;
  const values = upTo.map((bound) => {
    const all = parts.get(bound) as number;
    const own = all - before;
    before = all;
    return own;
  });
  return [...values, sum];
}
