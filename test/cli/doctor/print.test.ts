import { expect, it } from 'vitest';
import { renderFindings } from '../../../src/cli/doctor/print.ts';

const findings = [
  { id: 'start', level: 'ok', text: 'Fine.', todo: [] },
  { id: 'paths', level: 'note', text: 'Curious.', todo: [] },
  { id: 'push', level: 'problem', text: 'Bad\u001b[2J.', todo: ['Fix it.'] },
] as const;

it('prints plain text, and replaces control characters from the process', () => {
  expect(renderFindings('shop', findings, false)).toBe(`shop

ok       Fine.
note     Curious.
problem  Bad [2J.
         -> Fix it.

1 problem.
`);
});

it('colours the levels and the summary', () => {
  expect(renderFindings('shop', findings, true)).toBe(
    'shop\n\n\u001b[32mok       \u001b[0mFine.\n\u001b[33mnote     \u001b[0mCurious.\n' +
      '\u001b[31mproblem  \u001b[0mBad [2J.\n         -> Fix it.\n\n\u001b[31m1 problem.\u001b[0m\n',
  );
});
