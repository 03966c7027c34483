export type Pair<T> = readonly [before: T, after: T];

/** The same of both sides. */
export const mapPair = <T, R>([before, after]: Pair<T>, map: (side: T) => R): Pair<R> => [map(before), map(after)];
