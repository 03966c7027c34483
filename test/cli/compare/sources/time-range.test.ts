import { expect, it } from 'vitest';
import { parseDuration, parseTimeRange } from '../../../../src/cli/compare/sources/time-range.ts';

const NOW = Date.parse('2026-11-23T08:00:00Z') / 1000;
const HOUR_SECONDS = 3600;

it.each<[string, number, number]>([
  ['2026-11-23T06:00:00Z..2026-11-23T07:30:00Z', NOW - 2 * HOUR_SECONDS, NOW - HOUR_SECONDS / 2],
  ['2026-11-23T15:00:00+09:00..2026-11-23T16:00:00.500+09:00', NOW - 2 * HOUR_SECONDS, NOW - HOUR_SECONDS + 0.5],
  ['2026-11-23T06:00Z .. now', NOW - 2 * HOUR_SECONDS, NOW],
  [`${NOW - 60}..${NOW - 0.5}`, NOW - 60, NOW - 0.5],
  ['-2h..-1h30m', NOW - 2 * HOUR_SECONDS, NOW - 1.5 * HOUR_SECONDS],
  ['-7d..now', NOW - 7 * 24 * HOUR_SECONDS, NOW],
  ['-1h..2026-11-24T00:00:00Z', NOW - HOUR_SECONDS, NOW],
])('parses a range: %s', (text, from, to) => {
  expect(parseTimeRange('--before', text, NOW)).toEqual({ from, to });
});

const EXPECTED = 'expected FROM..TO, each a time such as 2026-11-23T07:00:00Z, 1795417200, -2h or now';

it.each([
  ['-2h', EXPECTED],
  ['yesterday..now', EXPECTED],
  ['-2h..-1h..now', EXPECTED],
  ['2026-11-23..now', EXPECTED],
  ['2026-13-23T06:00:00Z..now', EXPECTED],
  ['2026-02-30T06:00:00Z..now', EXPECTED],
  ['-99999999999w..now', 'expected times since 1970'],
  ['0000-01-01T00:00:00Z..now', 'expected times since 1970'],
  ['2..1', EXPECTED],
  ['..', EXPECTED],
  ['now..-2h', 'expected an end after the beginning'],
  ['now..now', 'expected an end after the beginning'],
  ['2026-11-24T00:00:00Z..2026-11-25T00:00:00Z', 'expected a time in the past'],
])('reports what it expected: %s', (text, expected) => {
  expect(() => parseTimeRange('--after', text, NOW)).toThrow(
    new Error(`--after: ${expected}; got ${JSON.stringify(text)}`),
  );
});

it('parses durations in the format of Prometheus', () => {
  const seconds = ['15s', '1h30m', '500ms', '0.5s', '2d', '1w', '15', 's', '-1s', '0s', '1y', ''].map(parseDuration);
  const none = undefined;
  expect(seconds).toEqual([15, 5400, 0.5, 0.5, 172_800, 604_800, none, none, none, none, none, none]);
});
