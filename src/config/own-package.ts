import { createRequire } from 'node:module';

/** Name and version of this package. Its package.json is two folders up, both in the sources and in the build. */
export function readOwnPackage(): { name: string; version: string } {
  const { name, version } = createRequire(import.meta.url)('../../package.json');
  return { name, version };
}
