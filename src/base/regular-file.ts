import { loadBuiltin } from './builtin.ts';

/**
 * The contents of a file. Pipes and devices are not read: reading one may never end, and the app would hang.
 * @returns undefined where there is no such file, it is bigger than `maxBytes`, or it may not be read
 */
export function readRegularFile(file: string | URL, maxBytes: number): Buffer | undefined {
  const { readFileSync, statSync } = loadBuiltin<typeof import('node:fs')>('node:fs');
  try {
    const found = statSync(file);
    return found.isFile() && found.size <= maxBytes ? readFileSync(file) : undefined;
  } catch {
    return undefined;
  }
}
