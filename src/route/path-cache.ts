/** Longer paths are not matched: a client chooses them, and a pattern may need the square of their length. */
export const MAX_PATH_CHARS = 512;

/** Of one of the two generations. */
const MAX_PATHS = 1000;
/** Of a request target. A path is a slice of it and keeps all of it in memory. */
const MAX_TARGET_CHARS = 512;

/** A search has found nothing. */
const NONE = Symbol('nothing');

/** Keeps what was found for the paths that were requested most recently. Two generations bound its memory. */
export class PathCache<T> {
  #recent = new Map<string, T | typeof NONE>();
  #older = new Map<string, T | typeof NONE>();

  /**
   * What a search finds for a path; it is made once, also where it finds nothing.
   * @param target the request target that the path is a part of
   */
  find(path: string, target: string, search: () => T | undefined): T | undefined {
    let found = this.#get(path);
    if (found === undefined) {
      found = search() ?? NONE;
      this.#keep(path, found, target);
    }
    return found === NONE ? undefined : found;
  }

  /** @returns undefined for a path that nothing is kept for, or that nothing was found for */
  get(path: string): T | undefined {
    const found = this.#get(path);
    return found === NONE ? undefined : found;
  }

  /** @param target the request target that the path is a part of */
  set(path: string, found: T, target: string): void {
    this.#keep(path, found, target);
  }

  clear(): void {
    this.#recent.clear();
    this.#older.clear();
  }

  #get(path: string): T | typeof NONE | undefined {
    return this.#recent.get(path) ?? this.#older.get(path);
  }

  #keep(path: string, found: T | typeof NONE, target: string): void {
    if (target.length > MAX_TARGET_CHARS) return;
    if (this.#recent.size >= MAX_PATHS) {
      this.#older = this.#recent;
      this.#recent = new Map();
    }
    this.#recent.set(path, found);
  }
}
