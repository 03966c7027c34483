import { ON_CODE, ON_UNSEEN, OTHER, UNMATCHED } from '../semconv.ts';

/** Our own values, which take no place of others. */
const ALWAYS_ADMITTED: readonly string[] = [OTHER, UNMATCHED, ON_CODE, ON_UNSEEN];

/**
 * Limits a label to a number of distinct values. A value that was admitted once stays, so that no series ever moves.
 * Guesses have a limit of their own: clients can provoke any number of them, and they must not take the place of a route.
 */
export class CardinalityCap {
  readonly max: number;
  /** Whether a value was replaced by `other`, here or at its source. */
  isExceeded = false;
  readonly #known = new Set<string>();
  readonly #guessed = new Set<string>();

  /** @param max such as `APM_MAX_PATHS`; of known values, and of guesses */
  constructor(max: number) {
    this.max = max;
  }

  /** Number of values that are no guesses. */
  get known(): number {
    return this.#known.size;
  }

  get guessed(): number {
    return this.#guessed.size;
  }

  /** @returns the value itself, or `other` where it is new and the limit is reached */
  admit(value: string, guessed = false): string {
    if (value === OTHER) this.isExceeded = true;
    if (this.#known.has(value) || ALWAYS_ADMITTED.includes(value)) return value;
    const isAdmitted = this.#guessed.has(value);
    if (isAdmitted && guessed) return value;
    const values = guessed ? this.#guessed : this.#known;
    if (values.size >= this.max) {
      if (isAdmitted) return value;
      this.isExceeded = true;
      return OTHER;
    }
    values.add(value);
    // A guess that turned out to be right makes room for another one.
    if (isAdmitted) this.#guessed.delete(value);
    return value;
  }
}

/** Caps on what is called, which an app may choose by what its clients send. */
export const createCallCaps = (maxPaths: number): Record<string, CardinalityCap> => ({
  host: new CardinalityCap(maxPaths),
  on: new CardinalityCap(maxPaths),
});

/** Most distinct values of a label of the app's own; further ones are `other`. */
const MAX_LABEL_VALUES = 50;

/** A cap for each label of the app's own. */
export const createLabelCaps = (names: readonly string[]): Record<string, CardinalityCap> =>
  Object.fromEntries(names.map((name) => [name, new CardinalityCap(MAX_LABEL_VALUES)]));
