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
/** From here on, bounds in seconds are half minutes. Bounds in milliseconds go on as 25, 50, 100. */
const MIN_LONG_SECONDS = 25;
/** A list in seconds that begins lower tells fast requests apart. */
const LOWEST_ODD_SECONDS = 0.1;

/** Bounds in seconds that look like milliseconds, such as 5,10,25,50,100. */
export function findMilliseconds(bounds: readonly number[]): UnitMistake | undefined {
  if (!areMilliseconds(bounds)) return undefined;
  // Without the error of the division, as in 0.0035000000000000005.
  const instead = bounds.map((bound) => Number((bound / 1000).toPrecision(12))).join(',');
  return { unit: 'seconds', looksLike: 'milliseconds', instead };
}

/**
 * Bounds for requests of minutes are whole half minutes (1,2,5,10,30,60,300), and others tell fast requests apart: at least
 * two of them are below a second.
 */
function areMilliseconds(bounds: readonly number[]): boolean {
  const belowSecond = bounds.filter((bound) => bound < 1).length;
  const isOdd = bounds.some((bound) => bound > MAX_ODD_SECONDS && !isHalfMinutes(bound));
  if (belowSecond > 1) return isOdd && bounds.every((bound) => bound >= LOWEST_ODD_SECONDS);
  const long = bounds.filter((bound) => bound >= MIN_LONG_SECONDS);
  return isOdd || (belowSecond === 0 && long.filter(isHalfMinutes).length < long.length / 2);
}

const isHalfMinutes = (bound: number): boolean => bound % HALF_MINUTE_SECONDS === 0;

/** A number of seconds that looks like milliseconds, such as 500. */
export function findMillisecondsOfNumber(seconds: number): UnitMistake | undefined {
  if (seconds < MAX_ODD_SECONDS || isHalfMinutes(seconds)) return undefined;
  return { unit: 'seconds', looksLike: 'milliseconds', instead: `${seconds / 1000}` };
}

/** A shorter interval or timeout of a push is of no use. */
const MIN_USUAL_MS = 100;

/** Milliseconds of a push that look like seconds, such as 15 or 60. */
export function findSeconds(milliseconds: number): UnitMistake | undefined {
  if (milliseconds >= MIN_USUAL_MS) return undefined;
  return { unit: 'milliseconds', looksLike: 'seconds', instead: `${milliseconds * 1000}` };
}
