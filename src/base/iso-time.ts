const DAY_MS = 86_400_000;
/** Of 400 years: the calendar repeats after them. */
const CYCLE_DAYS = 146_097;
/** From March 1 of the year 0, after which a leap day is the last one of its year, to January 1, 1970. */
const DAYS_BEFORE_1970 = 719_468;

/**
 * A time as ISO 8601, in UTC. Apps replace `Date.prototype.toISOString`, to write local times for example, and do so before
 * this is loaded. So it uses nothing of `Date`.
 * @param ms  since 1970
 * @see https://howardhinnant.github.io/date_algorithms.html#civil_from_days
 */
export function isoTime(ms: number): string {
  const [allDays, timeMs] = divide(ms, DAY_MS);
  const [cycles, day] = divide(allDays + DAYS_BEFORE_1970, CYCLE_DAYS);
  const leapDays = whole(day, 1_460) - whole(day, 36_524) + whole(day, CYCLE_DAYS - 1);
  const yearOfCycle = whole(day - leapDays, 365);
  const dayOfYear = day - (365 * yearOfCycle + whole(yearOfCycle, 4) - whole(yearOfCycle, 100));
  // From March on, five months have 153 days.
  const monthFromMarch = whole(5 * dayOfYear + 2, 153);
  const dayOfMonth = dayOfYear - whole(153 * monthFromMarch + 2, 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = 400 * cycles + yearOfCycle + (month <= 2 ? 1 : 0);
  const [hours, hourMs] = divide(timeMs, 3_600_000);
  const [minutes, minuteMs] = divide(hourMs, 60_000);
  const [seconds, rest] = divide(minuteMs, 1_000);
  const date = `${digits(year, 4)}-${digits(month)}-${digits(dayOfMonth)}`;
  return `${date}T${digits(hours)}:${digits(minutes)}:${digits(seconds)}.${digits(whole(rest, 1), 3)}Z`;
}

/** The quotient without its fraction, and the remainder, which is not negative. */
function divide(value: number, by: number): readonly [quotient: number, remainder: number] {
  const remainder = ((value % by) + by) % by;
  return [(value - remainder) / by, remainder];
}

const whole = (value: number, by: number): number => divide(value, by)[0];
const digits = (value: number, length = 2): string => `${value}`.padStart(length, '0');
