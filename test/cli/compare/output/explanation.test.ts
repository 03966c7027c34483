import { expect, it } from 'vitest';
import { explain } from '../../../../src/cli/compare/output/explanation.ts';
import { comparison } from './comparison.ts';

it('says what each method needs, in its own unit', () => {
  const needsOf = (method: 'rounds' | 'periods' | 'versions') =>
    explain(comparison({ method }))[0]?.match(/Needed: .*/)?.[0];
  expect([needsOf('rounds'), needsOf('periods'), needsOf('versions')]).toEqual([
    'Needed: 3 rounds, or more.',
    'Needed: 9.5 min of before and 2.5 min of after, or more.',
    'Needed: 9.5 min of before and 2.5 min of after, or more.',
  ]);
});

it('speaks of rounds and windows, and never of blocks', () => {
  const text = (['rounds', 'periods', 'versions'] as const).flatMap((method) => explain(comparison({ method })));
  expect(text.join('\n')).not.toContain('block');
});

it('says how certain verdicts are with all digits', () => {
  expect(explain(comparison({ confidence: 0.999999999999 })).find((text) => text.startsWith('Correction.'))).toMatch(
    /the chance of any claim is 1e-10 % at most\. Each interval holds at 99\.9999999999 % by itself/,
  );
});
