/** Longer functions are cut. */
const MAX_FUNCTION_CHARS = 6000;

/** Strings, comments and, after what no value ends with, regular expressions; templates without nested ones. */
const SKIPPED =
  /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`|\/\/[^\n]*|\/\*[\s\S]*?\*\/|(?<=[(,=:[!&|?{};\n]\s*|return\s)\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/|[()[\]{},;]/g;

/**
 * The text of the function that begins at a position of a source, as its `toString()` would give it. The position may be
 * after the word `async`, as V8 reports it.
 * @param line   from 1 on
 * @param column from 1 on
 * @returns undefined if the source has no such position
 */
export function functionText(source: string, line: number, column: number): string | undefined {
  let start = 0;
  for (let left = line; left > 1; left--) {
    start = source.indexOf('\n', start) + 1;
    if (start === 0) return undefined;
  }
  start += column - 1;
  const text = source.slice(start, start + MAX_FUNCTION_CHARS);
  return text === '' ? undefined : text.slice(0, endOfFunction(text));
}

/** A function ends with the brace of its body; one without braces ends before what follows its expression. */
function endOfFunction(text: string): number {
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(SKIPPED)) {
    if ('([{'.includes(token)) depth++;
    else if (')]}'.includes(token)) depth--;
    const end = index + token.length;
    if (depth < 0 || (depth === 0 && ',;'.includes(token))) return index;
    if (depth === 0 && token === '}') return end;
  }
  return text.length;
}
