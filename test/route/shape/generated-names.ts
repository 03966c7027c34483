const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const DIGITS = '0123456789';
const BASE64URL = `${LETTERS.toUpperCase()}${LETTERS}${DIGITS}-_`;
const BASE32 = `${LETTERS.toUpperCase()}234567`;
const HEX = `${DIGITS}abcdef`;

/** What is built: scripts, styles, maps, fonts, images; with names of one word, several words, an id of a chunk. */
const NAMES = [
  'index',
  'main',
  'vendor-react',
  'UserList',
  'app.component',
  'chunk',
  'Login_page',
  '787',
  'logo',
  'a-b-c',
];
const TYPES = ['js', 'css', 'js.map', 'css.map', 'woff2', 'svg', 'png', 'wasm'];

/**
 * The names that a bundler gives by default.
 *
 * @property hash     its characters and their number
 * @property pattern  a path of its output, of a name, a hash and a type
 */
interface Pattern {
  readonly hash: readonly [alphabet: string, chars: number];
  readonly pattern: (name: string, hash: string, type: string) => string;
}

/** As their sources and builds have them. What serves the files is the usual folder of the bundler. */
export const BUNDLERS: Readonly<Record<string, Pattern>> = {
  'Vite 5 and later': { hash: [BASE64URL, 8], pattern: (name, hash, type) => `/assets/${name}-${hash}.${type}` },
  'Rollup 4': { hash: [BASE64URL, 8], pattern: (name, hash, type) => `/${name}-${hash}.${type}` },
  'Rollup 3, Vite 4': { hash: [HEX, 8], pattern: (name, hash, type) => `/assets/${name}-${hash}.${type}` },
  VitePress: { hash: [BASE64URL, 8], pattern: (name, hash, type) => `/assets/${name}.md.${hash}.lean.${type}` },
  'Nuxt, scripts': { hash: [BASE64URL, 8], pattern: (_, hash, type) => `/_nuxt/${hash}.${type}` },
  'Nuxt, styles': { hash: [BASE64URL, 8], pattern: (name, hash, type) => `/_nuxt/${name}.${hash}.${type}` },
  Astro: { hash: [BASE64URL, 8], pattern: (name, hash, type) => `/_astro/${name}.${hash}.${type}` },
  'SvelteKit, chunks': { hash: [BASE64URL, 8], pattern: (_, hash, type) => `/_app/immutable/chunks/${hash}.${type}` },
  'SvelteKit, pages': {
    hash: [BASE64URL, 8],
    pattern: (name, hash, type) => `/_app/immutable/nodes/${name}.${hash}.${type}`,
  },
  esbuild: { hash: [BASE32, 8], pattern: (name, hash, type) => `/${name}-${hash}.${type}` },
  'esbuild, Remix 2': { hash: [BASE32, 8], pattern: (name, hash, type) => `/build/routes/${name}.$id-${hash}.${type}` },
  'Angular, esbuild': { hash: [BASE32, 8], pattern: (_, hash, type) => `/chunk-${hash}.${type}` },
  'Angular, fonts and images': { hash: [BASE32, 8], pattern: (name, hash, type) => `/media/${name}-${hash}.${type}` },
  'Angular, webpack': { hash: [HEX, 16], pattern: (name, hash, type) => `/${name}.${hash}.${type}` },
  'webpack, [contenthash]': { hash: [HEX, 20], pattern: (name, hash, type) => `/dist/${name}.${hash}.${type}` },
  'webpack, files': { hash: [HEX, 20], pattern: (_, hash, type) => `/dist/${hash}.${type}` },
  'webpack, Create React App': {
    hash: [HEX, 8],
    pattern: (name, hash, type) => `/static/js/${name}.${hash}.chunk.${type}`,
  },
  'webpack, Vue CLI': { hash: [HEX, 8], pattern: (name, hash, type) => `/js/chunk-${name}.${hash}.${type}` },
  'webpack, Gatsby': {
    hash: [HEX, 20],
    pattern: (name, hash, type) => `/component---src-pages-${name}-js-${hash}.${type}`,
  },
  'webpack, Docusaurus': { hash: [HEX, 8], pattern: (name, hash, type) => `/assets/js/${name}.${hash}.${type}` },
  'Next.js, webpack': {
    hash: [HEX, 16],
    pattern: (name, hash, type) => `/_next/static/chunks/pages/${name}-${hash}.${type}`,
  },
  'Next.js, fonts': { hash: [HEX, 16], pattern: (_, hash, type) => `/_next/static/media/${hash}-s.p.${type}` },
  'Rspack, Rsbuild': { hash: [HEX, 8], pattern: (name, hash, type) => `/static/js/async/${name}.${hash}.${type}` },
  'Parcel 2': { hash: [HEX, 8], pattern: (name, hash, type) => `/${name}.${hash}.${type}` },
  Turbopack: {
    hash: [`${DIGITS}${LETTERS}_-`, 13],
    pattern: (_, hash, type) => `/_next/static/chunks/${hash}.${type}`,
  },
  'Turbopack, entries': {
    hash: [`${DIGITS}${LETTERS}_-`, 13],
    pattern: (_, hash, type) => `/_next/static/chunks/turbopack-${hash}.${type}`,
  },
  'Turbopack, files': {
    hash: [`${DIGITS}${LETTERS}_-`, 13],
    pattern: (name, hash, type) => `/_next/static/media/${name}.${hash}.${type}`,
  },
  'Bun, chunks': {
    hash: [`${DIGITS}abcdefghjkmnpqrstvwxyz`, 8],
    pattern: (_, hash, type) => `/chunk-${hash}.${type}`,
  },
};

/** Folders that are named after a build: `FOLDER` is where the hash is. */
export const BUILD_FOLDERS: Readonly<Record<string, Pattern>> = {
  'Next.js, a build': { hash: [BASE64URL, 21], pattern: (_, hash) => `/_next/static/${hash}/_buildManifest.js` },
  'Next.js, data': { hash: [BASE64URL, 21], pattern: (_, hash) => `/_next/data/${hash}/items.json` },
  'a commit': { hash: [HEX, 40], pattern: (_, hash) => `/build/${hash}/main.js` },
  'a short commit': { hash: [HEX, 7], pattern: (_, hash) => `/build/${hash}/main.js` },
  'Gatsby, images': { hash: [HEX, 32], pattern: (_, hash) => `/static/${hash}/photo.png` },
};

/** The same numbers in each run. */
function seededRandom(): () => number {
  let seed = 42;
  return () => {
    seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
    return seed / 2 ** 32;
  };
}

/** Paths of files that a bundler has built, all different but for chance. */
export function generatePaths({ hash: [alphabet, chars], pattern }: Pattern, count: number): string[] {
  const random = seededRandom();
  const pick = (from: readonly string[] | string) => from[Math.floor(random() * from.length)] as string;
  return Array.from({ length: count }, () => {
    const hash = Array.from({ length: chars }, () => pick(alphabet)).join('');
    return pattern(pick(NAMES), hash, pick(TYPES));
  });
}
