import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../support/root.ts';

/** Names of files that websites serve, of published packages. No bundler has given them. */
export function readOrdinaryNames(): string[] {
  const text = readFileSync(join(root, 'test/route/shape/ordinary-names.txt'), 'utf8');
  return text.split('\n').flatMap((line) => (line === '' || line.startsWith('#') ? [] : line.split(' ')));
}
