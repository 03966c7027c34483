import { PathShapes } from '../../../src/route/shape/path-shapes.ts';
import { segmentShape } from '../../../src/route/shape/segment-shape.ts';
import { BUILD_FOLDERS, BUNDLERS, generatePaths } from './generated-names.ts';
import { readOrdinaryNames } from './ordinary-names.ts';

/** A shape that has neither the hash nor another part of the name of a file. */
const SHAPE = /\/(\*\.[\w.]+|:id\/[\w.*]+)$/;

/**
 * How many of a bundler's names are recognised.
 *
 * @property percent of the paths
 * @property missed  examples
 */
export interface Recognised {
  readonly title: string;
  readonly percent: number;
  readonly missed: readonly string[];
}

/** Each path is asked alone, because many siblings would share one `*`. */
export function measureRecognised(count: number): Recognised[] {
  return Object.entries({ ...BUNDLERS, ...BUILD_FOLDERS }).map(([title, pattern]) => {
    const paths = generatePaths(pattern, count);
    const missed = paths.filter((path) => !SHAPE.test(new PathShapes().templateFor(path, true) ?? ''));
    return { title, percent: 100 - (100 * missed.length) / count, missed };
  });
}

/** Ordinary names that are taken for hashed ones in this folder. */
export function measureMisjudged(folder: string): { readonly names: number; readonly misjudged: readonly string[] } {
  const names = readOrdinaryNames();
  return { names: names.length, misjudged: names.filter((name) => segmentShape(name, folder) !== name) };
}
