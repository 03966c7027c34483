import { OTHER } from '../../semconv.ts';

/**
 * A name keeps its place for this many intervals without being used, about a minute, so that the hosts of a crawler do not
 * fill the history with other names in each interval.
 */
const PATIENCE_INTERVALS = 12;

/** Which names are shown one by one: as many as there are places. The rest is `other`. */
export class Places {
  readonly #max: number;
  /** With the number of intervals since each was last used. */
  readonly #idle = new Map<string, number>();

  constructor(max: number) {
    this.#max = max;
  }

  /** The name itself where it has a place or gets one, else `other`. */
  nameFor(name: string): string {
    if (this.#idle.has(name)) return name;
    if (name === OTHER || this.#idle.size >= this.#max) return OTHER;
    this.#idle.set(name, 0);
    return name;
  }

  /** Ends an interval. @param used the names that occurred in it */
  endInterval(used: { has(name: string): boolean }): void {
    for (const [name, idle] of this.#idle) {
      if (used.has(name)) this.#idle.set(name, 0);
      else if (idle < PATIENCE_INTERVALS) this.#idle.set(name, idle + 1);
      else this.#idle.delete(name);
    }
  }
}
