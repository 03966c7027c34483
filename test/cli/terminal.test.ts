import { expect, it } from 'vitest';
import { hasColours, stripControls } from '../../src/cli/terminal.ts';

it('uses colours only on a terminal, and not with NO_COLOR or a dumb terminal', () => {
  const terminal = { isTTY: true };
  expect([
    hasColours(terminal, {}),
    hasColours(terminal, { NO_COLOR: '' }),
    hasColours(terminal, { NO_COLOR: '1' }),
    hasColours(terminal, { TERM: 'dumb' }),
    hasColours({}, {}),
  ]).toEqual([true, true, false, false, false]);
});

it('replaces control characters, which could move the cursor', () => {
  expect(stripControls('a\u001b[2J\nb')).toBe('a [2J b');
});
