import { OTHER, UNMATCHED } from '../semconv.ts';

/** Limits a label to a number of distinct values. A value that was admitted once stays, so that no series ever moves. */
export class CardinalityCap {
  readonly #max: number;
  readonly #admitted = new Set<string>();

  /** @param max such as `APM_MAX_PATHS` */
  constructor(max: number) {
    this.#max = max;
  }

  /** @returns the value itself, or `other` where it is new and the cap is reached */
  admit(value: string): string {
    if (value === OTHER || value === UNMATCHED || this.#admitted.has(value)) return value;
    if (this.#admitted.size >= this.#max) return OTHER;
    this.#admitted.add(value);
    return value;
  }
}

/** Most distinct values of a label of the app's own; further ones are `other`. */
const MAX_LABEL_VALUES = 50;

/** A cap for each label of the app's own. */
export const createLabelCaps = (names: readonly string[]): Record<string, CardinalityCap> =>
  Object.fromEntries(names.map((name) => [name, new CardinalityCap(MAX_LABEL_VALUES)]));
