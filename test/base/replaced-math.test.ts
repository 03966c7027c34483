import { afterEach, expect, it, vi } from 'vitest';
import { FineHistogram } from '../../src/base/histogram/fine-histogram.ts';
import { textOf } from '../../src/base/histogram/histogram-text.ts';

afterEach(() => void vi.restoreAllMocks());

const VALUES = Array.from({ length: 400 }, (_, i) => 1e-6 * 1.06 ** i);
const LOGARITHMS = ['log', 'log2', 'log10', 'log1p', 'exp', 'pow', 'sqrt'] as const;
const ROUNDING = ['floor', 'ceil', 'round', 'trunc', 'min', 'max', 'abs'] as const;

const replace = (names: readonly (keyof typeof Math)[]) => {
  for (const name of names) vi.spyOn(Math, name as 'log').mockReturnValue(0);
};

it('counts durations in the same buckets where the app has replaced the functions of Math', async () => {
  const expected = new FineHistogram();
  for (const value of VALUES) expected.record(value);
  const [encoded, text] = [expected.encode(), textOf(expected)];

  vi.resetModules();
  replace(LOGARITHMS);
  const later = await import('../../src/base/histogram/fine-histogram.ts');
  const laterText = await import('../../src/base/histogram/histogram-text.ts');
  replace(ROUNDING);
  const found = new later.FineHistogram();
  for (const value of VALUES) found.record(value);
  const [foundEncoded, foundText] = [found.encode(), laterText.textOf(found)];
  vi.restoreAllMocks();
  expect([foundEncoded, foundText]).toEqual([encoded, text]);
});
