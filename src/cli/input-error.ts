/** The input cannot be used. The message is one line that says why and what to do. */
export class InputError extends Error {
  override name = 'InputError';
}

/** Two histograms have different bounds, so their buckets cannot be compared. */
export class BoundsMismatch extends InputError {
  override name = 'BoundsMismatch';

  /**
   * @param source    what has the second bounds, as in `after.prom`
   * @param expected  bounds in seconds, ascending; native histograms have none
   */
  constructor(source: string, expected: readonly number[], found: readonly number[]) {
    const isNative = [expected, found].some((bounds) => bounds.length === 0);
    super(
      isNative
        ? `${source} has native histograms and histograms with bounds: leave out the time before the change from one to the other`
        : `${source} has histogram bounds ${found.join(' ')}, but ${expected.join(' ')} were expected: ` +
            'use the same APM_BUCKETS for both, or leave out the time before the change',
    );
  }
}

/** Runs a parser. @throws InputError where the parser throws an Error */
export function asInputError<T>(run: () => T): T {
  try {
    return run();
  } catch (cause) {
    throw new InputError((cause as Error).message);
  }
}
