import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isoTime } from '../../src/base/iso-time.ts';

it('writes a time as Date does, in every year from 0 to 9999', () => {
  const [min, max] = [Date.UTC(-1, 11, 31) + 366 * 86_400_000, Date.UTC(9999, 11, 31)];
  fc.assert(
    fc.property(fc.oneof(fc.integer({ min, max }), fc.integer({ min: 0, max: 4e12 })), (ms) => {
      expect(isoTime(ms)).toBe(new Date(ms).toISOString());
    }),
    { numRuns: 5_000 },
  );
});

it('writes the days around each end of a month, and a fraction of a millisecond, as Date does', () => {
  for (let month = 0; month < 12 * 401; month++) {
    for (const ms of [-86_400_001, -86_400_000, -0.25]) {
      const at = Date.UTC(1970, month, 2) + ms;
      expect(isoTime(at)).toBe(new Date(at).toISOString());
    }
  }
});

it('throws nothing for a time that is no number', () => {
  expect(isoTime(Number.NaN)).toContain('NaN');
});
