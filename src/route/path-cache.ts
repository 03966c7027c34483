/** Longer paths are not matched: a client chooses them, and a pattern may need the square of their length. */
export const MAX_PATH_CHARS = 512;

/** Of one of the two generations. */
const MAX_PATHS = 1000;
/** Of a request target. A path is a slice of it and keeps all of it in memory. */
const MAX_TARGET_CHARS = 512;

/** Keeps what was found for the paths that were requested most recently. Two generations bound its memory. */
export class PathCache<T> {
  #recent = new Map<string, T>();
  #older = new Map<string, T>();

  get(path: string): T | undefined {
    return this.#recent.get(path) ?? this.#older.get(path);
  }

  /** @param target the request target that the path is a part of */
  set(path: string, found: T, target: string): void {
    if (target.length > MAX_TARGET_CHARS) return;
    if (this.#recent.size >= MAX_PATHS) {
      this.#older = this.#recent;
      this.#recent = new Map();
    }
    this.#recent.set(path, found);
  }

  clear(): void {
    this.#recent.clear();
    this.#older.clear();
  }
}
