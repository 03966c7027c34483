import { expect, it } from 'vitest';
import { functionText } from '../../src/route/function-text.ts';

/** The text of the function that begins at the mark `@`. */
function textAt(source: string): string | undefined {
  const at = source.indexOf('@');
  const before = source.slice(0, at).split('\n');
  return functionText(source.replace('@', ''), before.length, (before.at(-1) ?? '').length + 1);
}

it.each([
  ['const a = @(req, res) => late(req, res), b = 1;', '(req, res) => late(req, res)'],
  ['createServer(@(q,r)=>late(q,r));function other(){}', '(q,r)=>late(q,r)'],
  [
    'x = {\n  @createContext(req, res) {\n    return { a: 1 };\n  }\n}',
    'createContext(req, res) {\n    return { a: 1 };\n  }',
  ],
  ['@function f({ a } = {}, [b]) { return a }; g()', 'function f({ a } = {}, [b]) { return a }'],
  ['@f() { return \'}\' + "}" + `}` } g() {}', 'f() { return \'}\' + "}" + `}` }'],
  ['@f() { /* } */ // }\n } g() {}', 'f() { /* } */ // }\n }'],
  ['@f() { return /[}/]\\/}/.test(a) ? a / 2 : b / 2 } g() {}', 'f() { return /[}/]\\/}/.test(a) ? a / 2 : b / 2 }'],
])('finds the function in %j', (source, text) => {
  expect(textAt(source)).toBe(text);
});

it('cuts a long function, and has none where the source has no such position', () => {
  expect(textAt(`@f() { ${'a();'.repeat(10_000)} }`)?.length).toBe(6000);
  expect(functionText('f() {}', 9, 1)).toBe(undefined);
  expect(functionText('', 1, 1)).toBe(undefined);
});
