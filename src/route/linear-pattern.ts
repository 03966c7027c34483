/** A parameter, and the text up to the next parameter of the segment. */
const BEFORE_PARAMETER = /\((?:\?:)?\[\^\\?\/\]\+\?\)((?:[^()[\]{}\\/*+?|^$]|\\[^\w/])*)(?=\((?:\?:)?\[\^\\?\/\])/g;
/** Parts that may take any number of segments, or be empty. */
const WIDE = /(?<!\\)\.[*+]|\[\^\][*+]|\[\^\\?\/\]\*/g;
const MAX_WIDE = 2;

/**
 * The source of a pattern that matches the same paths in a time that does not grow with the power of their length. In
 * `/[a]-[b]-[c]`, each parameter but the last ends at the first text that can follow it: what is left has more for the
 * others. In a pattern, a lookahead tries no second end.
 * @returns undefined where a pattern has more wide parts than can be matched fast
 */
export function linearPattern(source: string): string | undefined {
  let count = 0;
  const linear = source.replace(BEFORE_PARAMETER, (_, text: string) => {
    const name = `part${count++}`;
    return `(?=(?<${name}>[^/]+?${text}))\\k<${name}>`;
  });
  return (linear.match(WIDE)?.length ?? 0) > MAX_WIDE ? undefined : linear;
}
