import { expect, it } from 'vitest';
import { hasColours, report } from '../../../src/cli/doctor/print.ts';

const findings = [
  { id: 'start', level: 'ok', text: 'Fine.', todo: [] },
  { id: 'paths', level: 'note', text: 'Curious.', todo: [] },
  { id: 'push', level: 'problem', text: 'Bad\u001b[2J.', todo: ['Mend it.'] },
] as const;

it('is plain text, and moves no cursor whatever the process said', () => {
  expect(report('shop', findings, false)).toBe(`shop

ok       Fine.
note     Curious.
problem  Bad [2J.
         -> Mend it.

1 problem.
`);
});

it('colours the levels and the sum', () => {
  expect(report('shop', findings, true)).toBe(
    'shop\n\n\u001b[32mok       \u001b[0mFine.\n\u001b[33mnote     \u001b[0mCurious.\n' +
      '\u001b[31mproblem  \u001b[0mBad [2J.\n         -> Mend it.\n\n\u001b[31m1 problem.\u001b[0m\n',
  );
});

it('colours on a terminal alone, unless its user wants none', () => {
  const terminal = { isTTY: true };
  expect([
    hasColours(terminal, {}),
    hasColours(terminal, { NO_COLOR: '' }),
    hasColours(terminal, { NO_COLOR: '1' }),
    hasColours(terminal, { TERM: 'dumb' }),
    hasColours({}, {}),
  ]).toEqual([true, true, false, false, false]);
});
