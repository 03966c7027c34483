import { createRequire } from 'node:module';

/** Name and version of this package, from its package.json: two folders up, in the sources as in what is built. */
export function ownPackage(): { name: string; version: string } {
  const { name, version } = createRequire(import.meta.url)('../../package.json');
  return { name, version };
}
