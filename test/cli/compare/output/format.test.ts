import { describe, expect, it } from 'vitest';
import {
  formatBoundedShare,
  formatChange,
  formatConfidence,
  formatDuration,
  formatInterval,
  formatLength,
  formatShare,
} from '../../../../src/cli/compare/output/format.ts';

const exactly = (value: number) => ({ value, low: value, high: value });

describe('a duration has the digits that its bounds allow', () => {
  it.each([
    [undefined, '-'],
    [exactly(0.0201234), '20.1 ms'],
    [exactly(2.19), '2.19 s'],
    [exactly(0.9996), '1 s'],
    [exactly(0), '0 ms'],
    // A fine bucket.
    [{ value: 0.01712, low: 0.017, high: 0.017 * 2 ** (1 / 32) }, '17.1 ms'],
    // A fine bucket after two became one, twice.
    [{ value: 0.01712, low: 0.0165, high: 0.0165 * 2 ** (1 / 8) }, '17 ms'],
    [{ value: 1.234, low: 1.2, high: 1.3 }, '1.2 s'],
    // Buckets with explicit bounds.
    [{ value: 0.021, low: 0.015, high: 0.025 }, '15-25 ms'],
    [{ value: 0.004, low: 0, high: 0.005 }, '0-5 ms'],
    [{ value: 0.9, low: 0.75, high: 1 }, '0.75-1 s'],
    [{ value: 2, low: 1.5, high: 2.5 }, '1.5-2.5 s'],
    [{ value: Number.POSITIVE_INFINITY, low: 10, high: Number.POSITIVE_INFINITY }, '> 10 s'],
    [{ value: Number.POSITIVE_INFINITY, low: 0.5, high: Number.POSITIVE_INFINITY }, '> 500 ms'],
  ])('%j is %s', (duration, text) => {
    expect(formatDuration(duration)).toBe(text);
  });
});

describe('a share', () => {
  it.each([
    [undefined, '-'],
    [0, '0 %'],
    [0.0083, '0.83 %'],
    [0.0312, '3.1 %'],
    [0.123456, '12.3 %'],
    [0.99961, '99.96 %'],
    [0.9999999, '99.99 %'],
    [1, '100 %'],
  ])('of %s is %s', (share, text) => {
    expect(formatShare(share)).toBe(text);
  });

  it('is a range where the objective lies within a wide bucket', () => {
    expect(formatBoundedShare({ value: 0.03, low: 0.02, high: 0.04 })).toBe('2-4 %');
    expect(formatBoundedShare({ value: 0.0308, low: 0.03, high: 0.031 })).toBe('3.1 %');
  });
});

describe('a change', () => {
  it.each([
    [-0.9184, '-91.8 %', '-91.8 points'],
    [0.123, '+12.3 %', '+12.3 points'],
    [-0.0312, '-3.1 %', '-3.1 points'],
    [0.00027, '+0.03 %', '+0.03 points'],
    [0.000027, '0 %', '0 points'],
    [0, '0 %', '0 points'],
    [-0.9999, '-99.99 %', '-99.99 points'],
    [3.149, '+315 %', '+315 points'],
  ])('of %s is %s of a duration, and %s of a share', (value, duration, share) => {
    expect(formatChange(exactly(value), false)).toBe(duration);
    expect(formatChange(exactly(value), true)).toBe(share);
  });

  it('has only an interval where explicit buckets leave it open', () => {
    const change = { value: undefined, low: -0.15, high: 0.06 };
    expect([formatChange(change, false), formatInterval(change, false)]).toEqual(['', '(-15 % to +6 %)']);
  });

  it('has an interval that is never without width', () => {
    const interval = (low: number, high: number, isShare = false) =>
      formatInterval({ value: (low + high) / 2, low, high }, isShare);
    expect([
      interval(-0.938, -0.828),
      interval(-0.90123, -0.90111),
      interval(-0.0004, 0.15),
      interval(-0.0312, -0.0311, true),
      interval(-0.9, -0.9),
      interval(-1, Number.POSITIVE_INFINITY),
      interval(-0.999, 82.7),
    ]).toEqual([
      '(-93.8 % to -82.8 %)',
      '(-90.12 % to -90.11 %)',
      '(-0.04 % to +15 %)',
      '(-3.12 to -3.11)',
      '',
      '(-100 % to no limit)',
      '(-99.9 % to over +1000 %)',
    ]);
  });
});

it('says a confidence with all its digits', () => {
  expect([0.95, 0.999, 0.555, 0.999999999999].map(formatConfidence)).toEqual([
    '95 %',
    '99.9 %',
    '55.5 %',
    '99.9999999999 %',
  ]);
});

it('says a length of time in a unit of which it has two', () => {
  expect([8, 40, 119, 210, 570, 7200, 90_000].map((seconds) => formatLength(seconds))).toEqual([
    '8 s',
    '40 s',
    '119 s',
    '3.5 min',
    '9.5 min',
    '2 h',
    '25 h',
  ]);
});
