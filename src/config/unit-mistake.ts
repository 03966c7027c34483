/**
 * A valid value that looks like one in another unit.
 * @property unit       that the setting is in
 * @property looksLike  the unit that the value looks like
 * @property instead    the same value in the unit of the setting, as text
 */
export interface UnitMistake {
  readonly unit: string;
  readonly looksLike: string;
  readonly instead: string;
}

/** Some proxies give up after 100 s, so it is the highest bound of some lists in seconds. */
const MAX_ODD_SECONDS = 100;
const HALF_MINUTE_SECONDS = 30;

/**
 * Bounds in seconds that look like milliseconds, such as 5,10,25,50,100,250,500,1000. Bounds for requests of minutes are whole
 * half minutes (1,2,5,10,30,60,300), and others tell fast requests apart: at least two of them are below a second.
 */
export function findMilliseconds(bounds: readonly number[]): UnitMistake | undefined {
  const belowSecond = bounds.filter((bound) => bound < 1).length;
  const isOdd = bounds.some((bound) => bound > MAX_ODD_SECONDS && bound % HALF_MINUTE_SECONDS !== 0);
  if (belowSecond > 1 || !isOdd) return undefined;
  // Without the error of the division, as in 0.0035000000000000005.
  const instead = bounds.map((bound) => Number((bound / 1000).toPrecision(12))).join(',');
  return { unit: 'seconds', looksLike: 'milliseconds', instead };
}

/** A shorter interval or timeout of a push is of no use. */
const MIN_USUAL_MS = 100;

/** Milliseconds of a push that look like seconds, such as 15 or 60. */
export function findSeconds(milliseconds: number): UnitMistake | undefined {
  if (milliseconds >= MIN_USUAL_MS) return undefined;
  return { unit: 'milliseconds', looksLike: 'seconds', instead: `${milliseconds * 1000}` };
}
