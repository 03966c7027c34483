/**
 * A value of the `path` label. Requests share these objects, so that resolving allocates nothing.
 * @property path    a route template, `unmatched` or `other`
 * @property routed  whether it is a route: a framework or `APM_ROUTES` told it. Otherwise it is guessed
 */
export interface ResolvedPath {
  readonly path: string;
  readonly routed: boolean;
}

export interface CappedPathsOptions {
  readonly max: number;
  readonly routed: boolean;
}

/** The distinct values of `path` from one source. Each source has its own cap, so that none takes the place of another. */
export class CappedPaths {
  readonly #max: number;
  readonly #routed: boolean;
  readonly #known = new Map<string, ResolvedPath>();

  constructor({ max, routed }: CappedPathsOptions) {
    this.#max = max;
    this.#routed = routed;
  }

  get paths(): Iterable<string> {
    return this.#known.keys();
  }

  get size(): number {
    return this.#known.size;
  }

  get isFull(): boolean {
    return this.#known.size >= this.#max;
  }

  /** @returns undefined for a path that was not added */
  get(path: string): ResolvedPath | undefined {
    return this.#known.get(path);
  }

  /** @returns undefined for a new path beyond the cap */
  add(path: string): ResolvedPath | undefined {
    const known = this.#known.get(path);
    if (known !== undefined) return known;
    if (this.isFull) return undefined;
    const added: ResolvedPath = { path, routed: this.#routed };
    this.#known.set(path, added);
    return added;
  }
}
