import { durationOf } from './duration.ts';

/** From and to, seconds since 1970. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

const EXPECTED = 'expected FROM..TO, each a time such as 2026-11-23T07:00:00Z, 1795417200, -2h or now';

/**
 * A range as it is given: `-2h..-1h`, `2026-11-23T07:00:00Z..2026-11-23T09:00:00Z`, `1795417200..now`.
 * @param option  what it was given for: `--before`
 * @param now     seconds since 1970, that what is relative is relative to
 * @throws an Error with one line where it is none
 */
export function timeRangeOf(option: string, text: string, now: number): TimeRange {
  const [from, to, ...more] = text.split('..').map((each) => timeFrom(each.trim(), now));
  const got = JSON.stringify(text);
  if (from === undefined || to === undefined || more.length > 0) throw new Error(`${option}: ${EXPECTED}; got ${got}`);
  // Before that there was no Prometheus, and what is far enough from it is no time.
  if (from < 0) throw new Error(`${option}: expected times since 1970; got ${got}`);
  if (from >= to) throw new Error(`${option}: expected an end after its beginning; got ${got}`);
  if (from > now) throw new Error(`${option}: expected a time that has been; got ${got}`);
  // What is yet to come would be a part without requests.
  return { from, to: Math.min(to, now) };
}

function timeFrom(text: string, now: number): number | undefined {
  if (text === 'now') return now;
  if (/^\d{9,10}(\.\d+)?$/.test(text)) return Number(text);
  if (text.startsWith('-')) {
    const ago = durationOf(text.slice(1));
    return ago === undefined ? undefined : now - ago;
  }
  const isTime = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)$/.test(text);
  const time = isTime ? Date.parse(text.replace(' ', 'T').toUpperCase()) : Number.NaN;
  if (Number.isNaN(time)) return undefined;
  // Of the 30th of February, Date makes the 2nd of March.
  const [year, month, day] = text.split(/[-Tt ]/).map(Number) as [number, number, number];
  return new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day ? time / 1000 : undefined;
}
