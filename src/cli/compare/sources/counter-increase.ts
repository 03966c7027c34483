import { subtractCounts } from '../../../base/counts.ts';
import type { FineHistogram } from '../../../base/histogram/fine-histogram.ts';
import type { History, HistoryPoint } from './history.ts';
import type { Series } from './series-identity.ts';

/** What one series counted between two of its points; the values are those of a `HistoryPoint`. */
export interface Increase extends Omit<HistoryPoint, 'time'> {
  readonly series: Series;
  readonly from: number;
  readonly to: number;
}

/** The last point of a series. */
interface LastPoint {
  readonly target: string;
  time: number;
  values: readonly number[];
  fine: FineHistogram | undefined;
}

/**
 * Turns cumulative series into increases, piece by piece.
 *
 * - A counter falls only when its process restarted. Its new value is the increase since the restart. All buckets of a
 *   histogram restart together, even those whose new value is higher than the old one.
 * - A new series of a known process began at 0: it had no request before.
 * - For a process seen for the first time, nobody knows when it counted its values, so they are not counted.
 */
export class IncreaseTracker {
  readonly #last = new Map<string, LastPoint>();
  readonly #seen = new Map<string, number>();

  /** The process restarted at this time, in seconds since 1970: all of its series are 0 then. */
  markRestart(target: string, time: number): void {
    this.#seen.set(target, time);
    for (const last of this.#last.values()) {
      if (last.target !== target) continue;
      last.time = time;
      last.values = last.values.map(() => 0);
      last.fine = last.fine?.createEmpty();
    }
  }

  /** The process existed at this time, with or without series. */
  markSeen(target: string, time: number): void {
    this.#seen.set(target, Math.min(this.#seen.get(target) ?? time, time));
  }

  /** The increases up to each point. Pieces may overlap: points that are not later than the last known one are ignored. */
  add(histories: readonly History[]): Increase[] {
    for (const { series, points } of histories) if (points[0]) this.markSeen(series.target, points[0].time);
    const increases: Increase[] = [];
    for (const { series, points } of histories) {
      for (const point of points) {
        const increase = this.#increaseUpTo(series, point);
        if (increase) increases.push(increase);
      }
    }
    return increases;
  }

  /**
   * As `add`, for a scrape that has all series of its processes. A process restarted where one of its series fell or is
   * gone; then all of its series restarted.
   * @param restarted  processes that are known to have restarted since the last scrape
   */
  addScrape(
    histories: readonly History[],
    time: number,
    targets: Iterable<string>,
    restarted: ReadonlySet<string>,
  ): Increase[] {
    const allRestarted = new Set([...restarted, ...this.findRestarted(histories)]);
    for (const target of targets) {
      if (allRestarted.has(target)) this.markRestart(target, Math.min(time, this.#lastTime(target)));
      this.markSeen(target, time);
    }
    return this.add(histories);
  }

  /** The processes of which a series has fallen or is gone. */
  findRestarted(histories: readonly History[]): Set<string> {
    const valuesOf = new Map(histories.map(({ series, points }) => [series.id, points[0]?.values]));
    const targets = new Set<string>();
    for (const [id, { target, values }] of this.#last) {
      const current = valuesOf.get(id);
      if (!current || hasFallen(values, current)) targets.add(target);
    }
    return targets;
  }

  /** The time of the last point of a process; infinite for an unknown one. */
  #lastTime(target: string): number {
    const times = Array.from(this.#last.values()).flatMap((last) => (last.target === target ? [last.time] : []));
    return times.length === 0 ? Number.POSITIVE_INFINITY : times.reduce((latest, time) => Math.max(latest, time));
  }

  #increaseUpTo(series: Series, { time, values, fine }: HistoryPoint): Increase | undefined {
    const last = this.#last.get(series.id);
    if (last && time <= last.time) return undefined;
    this.#last.set(series.id, { target: series.target, time, values, fine });
    const all = { series, to: time, values, fine };
    if (last === undefined) {
      const seen = this.#seen.get(series.target) as number;
      return seen < time ? { ...all, from: seen } : undefined;
    }
    const added = last.fine ? fine?.copy().add(last.fine, -1) : fine;
    if (hasFallen(last.values, values) || added?.entries().some(([, count]) => count < 0))
      return { ...all, from: last.time };
    return { ...all, from: last.time, values: subtractCounts(values, last.values), fine: added };
  }
}

const hasFallen = (before: readonly number[], after: readonly number[]): boolean =>
  after.some((value, i) => value < (before[i] ?? 0));
