import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/root.ts';

/** The files in docs/bundlers.md, by their names. The first line of each is a comment with the name. */
export function readExamples(): Record<string, string> {
  const text = readFileSync(join(root, 'docs/bundlers.md'), 'utf8');
  const blocks = text.matchAll(/^```js\n\/\/ (\S+)\n(.*?)^```$/gms);
  return Object.fromEntries(Array.from(blocks, ([, name, content]) => [name, content]));
}
