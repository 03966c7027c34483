import type { History, Reading } from './history.ts';
import type { Series } from './series-identity.ts';

/** What one series counted between two of its readings, values as the reading's. */
export interface Increase {
  readonly series: Series;
  readonly from: number;
  readonly to: number;
  readonly values: readonly number[];
}

/**
 * Makes increments of totals, piece by piece.
 *
 * A counter only falls because its process began anew: then what it says now is what it counted since. All buckets of a
 * histogram fall together, also those that have overtaken what they had. A series that is new in a process seen before
 * began at 0: it had no request until then. Of a process that is seen for the first time nobody knows when it counted
 * what it says, so it says nothing of the time looked at.
 */
export class Increases {
  readonly #last = new Map<string, { readonly target: string; time: number; values: readonly number[] }>();
  readonly #seen = new Map<string, number>();

  /** The process begins at this time: all it says later it counted since. Seconds since 1970. */
  begin(target: string, time: number): void {
    this.#seen.set(target, time);
    for (const last of this.#last.values()) {
      if (last.target !== target) continue;
      last.time = time;
      last.values = last.values.map(() => 0);
    }
  }

  /** The process was there at this time, whether or not it had a series. */
  see(target: string, time: number): void {
    this.#seen.set(target, Math.min(this.#seen.get(target) ?? time, time));
  }

  /** What was counted up to each reading. Those not later than what is known are left out, so that pieces may overlap. */
  add(histories: readonly History[]): Increase[] {
    for (const { series, readings } of histories) if (readings[0]) this.see(series.target, readings[0].time);
    const found: Increase[] = [];
    for (const { series, readings } of histories) {
      for (const reading of readings) {
        const increase = this.#read(series, reading);
        if (increase) found.push(increase);
      }
    }
    return found;
  }

  /**
   * As `add`, of a scrape that has all of its processes: where one of their series fell or is gone, the process has begun
   * anew, and so have those that have overtaken what they had.
   * @param began  processes that are known to have begun anew since the last one
   */
  addWhole(
    histories: readonly History[],
    time: number,
    targets: Iterable<string>,
    began: ReadonlySet<string>,
  ): Increase[] {
    const anew = new Set([...began, ...this.fallen(histories)]);
    for (const target of targets) {
      if (anew.has(target)) this.begin(target, Math.min(time, this.#latest(target)));
      this.see(target, time);
    }
    return this.add(histories);
  }

  /** Processes of which a series has fallen, or is gone. */
  fallen(histories: readonly History[]): Set<string> {
    const said = new Map(histories.map(({ series, readings }) => [series.id, readings[0]?.values]));
    const found = new Set<string>();
    for (const [id, { target, values }] of this.#last) {
      const now = said.get(id);
      if (!now || now.some((value, i) => value < (values[i] ?? 0))) found.add(target);
    }
    return found;
  }

  /** When a process was last heard of. */
  #latest(target: string): number {
    let latest = Number.NEGATIVE_INFINITY;
    for (const last of this.#last.values()) if (last.target === target) latest = Math.max(latest, last.time);
    return latest === Number.NEGATIVE_INFINITY ? Number.POSITIVE_INFINITY : latest;
  }

  #read(series: Series, { time, values }: Reading): Increase | undefined {
    const last = this.#last.get(series.id);
    if (last && time <= last.time) return undefined;
    this.#last.set(series.id, { target: series.target, time, values });
    if (last) {
      const began = values.some((value, i) => value < (last.values[i] ?? 0));
      const since = began ? values : values.map((value, i) => value - (last.values[i] ?? 0));
      return { series, from: last.time, to: time, values: since };
    }
    const seen = this.#seen.get(series.target) as number;
    return seen < time ? { series, from: seen, to: time, values } : undefined;
  }
}
