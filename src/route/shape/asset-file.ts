import { hasHash } from './file-hash.ts';

/** Files that bundlers name after their content, wherever they are. */
const TYPES = new Set(
  (
    'js mjs cjs css js.map mjs.map cjs.map css.map wasm woff woff2 ttf otf eot svg png apng jpg jpeg gif webp avif jxl bmp ico cur ' +
    'mp4 webm mov ogg mp3 wav flac aac opus m4a vtt'
  ).split(' '),
);
/** Elsewhere these are data or pages: `/users/42.json`. */
const TYPES_IN_BUILD_FOLDERS = new Set('json webmanifest xml txt pdf html'.split(' '));
const BUILD_FOLDER = /\/(_?assets|static|media|_?build|dist|_nuxt|_astro|immutable)(\/|$)/;
/** Nuxt, Astro, SvelteKit, Next.js, SolidStart and Expo have only built files there. */
const FRAMEWORK_FOLDER = /\/_(nuxt|astro|app\/immutable|next\/static|build\/assets|expo\/static)(\/|$)/;

/**
 * The shape of a file of a website: `*.js` of a file with a hash in its name, else the name itself. Each deploy renames such
 * files, and each name would be a new label.
 *
 * @param segment of a path
 * @param folder  what precedes it: `/assets`
 * @returns undefined where the segment is no such file
 */
export function assetShape(segment: string, folder: string): string | undefined {
  const type = typeOf(segment);
  if (type === '') return undefined;
  const isAsset = TYPES.has(type) || (TYPES_IN_BUILD_FOLDERS.has(type) && BUILD_FOLDER.test(folder));
  if (!isAsset) return undefined;
  const isBuilt = folder.includes('/_') && FRAMEWORK_FOLDER.test(folder);
  return isBuilt || hasHash(segment.slice(0, -type.length - 1)) ? `*.${type}` : segment;
}

/** What follows the last dot, for a source map with the type of its source: `js.map`. Empty without a name before it. */
function typeOf(segment: string): string {
  if (!segment.includes('.')) return '';
  const end = segment.endsWith('.map') ? segment.length - '.map'.length : segment.length;
  const dot = segment.lastIndexOf('.', end - 1);
  return dot > 0 ? segment.slice(dot + 1) : '';
}
