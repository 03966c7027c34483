/** The source of a pattern for a string literal of JavaScript, in any quotes. */
export const STRING = String.raw`(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|\x60(?:[^\x60\\]|\\.)*\x60)`;

/** The text that a string literal stands for. Other literals, such as `void 0`, are undefined. */
export function textOf(literal: string): string | undefined {
  const quote = literal[0];
  if (quote !== '"' && quote !== "'" && quote !== '`') return undefined;
  const inner = literal.slice(1, -1).replace(/\\(['`])/g, '$1');
  try {
    return JSON.parse(`"${quote === '"' ? inner : inner.replace(/(?<!\\)"/g, '\\"')}"`);
  } catch {
    return undefined;
  }
}

/** The part of a text from a bracket to the one that closes it. Both may be in strings of JSON, which are skipped. */
export function bracketed(text: string, start: number): string | undefined {
  let depth = 0;
  let inString = false;
  for (let i = start; i < text.length; i++) {
    const character = text[i];
    if (character === '"') inString = !inString;
    else if (inString) i += character === '\\' ? 1 : 0;
    else if (character === '[' || character === '{') depth++;
    else if ((character === ']' || character === '}') && --depth === 0) return text.slice(start, i + 1);
  }
  return undefined;
}
