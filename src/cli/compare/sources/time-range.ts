/** Seconds since 1970. */
export interface TimeRange {
  readonly from: number;
  readonly to: number;
}

const EXPECTED_RANGE = 'FROM..TO, each a time such as 2026-11-23T07:00:00Z, 1795417200, -2h or now';

/**
 * Parses `-2h..-1h`, `2026-11-23T07:00:00Z..2026-11-23T09:00:00Z` or `1795417200..now`.
 * @param option  for messages: `--before`
 * @param now     seconds since 1970; the base of relative times
 * @throws a usage error
 */
export function parseTimeRange(option: string, text: string, now: number): TimeRange {
  const fail = (expected: string) => new Error(`${option}: expected ${expected}; got ${JSON.stringify(text)}`);
  const [from, to, ...more] = text.split('..').map((each) => parseTime(each.trim(), now));
  if (from === undefined || to === undefined || more.length > 0) throw fail(EXPECTED_RANGE);
  if (from < 0) throw fail('times since 1970');
  if (from >= to) throw fail('an end after the beginning');
  if (from > now) throw fail('a time in the past');
  // The future has no requests.
  return { from, to: Math.min(to, now) };
}

function parseTime(text: string, now: number): number | undefined {
  if (text === 'now') return now;
  if (/^\d{9,10}(\.\d+)?$/.test(text)) return Number(text);
  if (text.startsWith('-')) {
    const ago = parseDuration(text.slice(1));
    return ago === undefined ? undefined : now - ago;
  }
  const isTime = /^\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)$/.test(text);
  const time = isTime ? Date.parse(text.replace(' ', 'T').toUpperCase()) : Number.NaN;
  if (Number.isNaN(time)) return undefined;
  // Date parses the 30th of February as the 2nd of March.
  const [year, month, day] = text.split(/[-Tt ]/).map(Number) as [number, number, number];
  return new Date(Date.UTC(year, month - 1, day)).getUTCDate() === day ? time / 1000 : undefined;
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** Seconds of a duration as Prometheus writes it: `15s`, `1h30m`, `500ms`; undefined where it is not one, or 0. */
export function parseDuration(text: string): number | undefined {
  if (!/^(\d+(\.\d+)?(ms|[smhdw]))+$/.test(text)) return undefined;
  const parts = text.matchAll(/(\d+(?:\.\d+)?)(ms|[smhdw])/g);
  const seconds = [...parts].reduce(
    (sum, [, count, unit]) => sum + Number(count) * (UNIT_SECONDS[unit as string] as number),
    0,
  );
  return seconds > 0 ? seconds : undefined;
}

/** A time for messages. */
export const formatTime = (seconds: number): string => new Date(seconds * 1000).toISOString().replace(/\.000Z$/, 'Z');
