/** What was given cannot be compared. Its message is one line that says why, and what to do. */
export class BadInput extends Error {
  override name = 'BadInput';
}

/** Durations were counted into different buckets, which cannot be told apart again. */
export class DifferentBounds extends BadInput {
  override name = 'DifferentBounds';

  /**
   * @param where  what has the second ones: `after.prom`
   * @param one    bounds in seconds, ascending
   */
  constructor(where: string, one: readonly number[], other: readonly number[]) {
    super(
      `${where} has other histogram bounds (${other.join(' ')}) than what it is put with (${one.join(' ')}): ` +
        'take both with the same APM_BUCKETS, or leave out the time before they were changed',
    );
  }
}
