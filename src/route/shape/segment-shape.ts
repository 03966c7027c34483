import { assetShape } from './asset-file.ts';
import { isVariable } from './segment.ts';

/** What Next.js has beside the folder that is named after the build. */
const NEXT_FOLDERS = new Set(['chunks', 'css', 'media', 'webpack', 'development']);

/**
 * What stands for a segment in the template of a path: `:id` for data, `*.js` for a file that is named after its content,
 * else the segment itself.
 *
 * @param folder the template of the segments before it
 */
export function segmentShape(segment: string, folder: string): string {
  const asset = assetShape(segment, folder);
  if (asset !== undefined) return asset;
  return isVariable(segment) || isNextBuild(segment, folder) ? ':id' : segment;
}

/** Next.js names the folder after the build, by default with random characters; the app may choose others. */
function isNextBuild(segment: string, folder: string): boolean {
  if (folder.endsWith('/_next/data')) return true;
  return folder.endsWith('/_next/static') && !NEXT_FOLDERS.has(segment);
}
