import { dirname, join, resolve } from 'node:path';
import { readRegularFile } from '../../../base/regular-file.ts';

/** Read at most from one start. A build tool writes the routes near the entry. */
const MAX_FILES = 32;
const MAX_BYTES = 8_000_000;
/** The same for an app that does not depend on such a framework: the search must not delay its other requests. */
const MAX_BYTES_WITHOUT_SIGN = 500_000;
const MAX_PACKAGE_BYTES = 1_000_000;

/** Packages of the frameworks, in a package.json. */
const PACKAGE = /"(?:@react-router\/|@remix-run\/|@sveltejs\/kit"|astro"|@astrojs\/)/;
const SCRIPT = /\.[cm]?js$/;

/** Where the build tools write the entry of the server, below the folder of the app. */
const ENTRIES = [
  'build/server/index.js',
  'build/handler.js',
  'build/index.js',
  'dist/server/entry.mjs',
  'dist/server/index.js',
  'dist/handler.js',
];
/** A path of a file, in an import or in a constant that is imported later. */
const RELATIVE_PATH = /["'`](\.{1,2}\/[^"'`\s]+\.[cm]?js)["'`]/g;

/**
 * The contents of the files that this program may consist of: first of its main file and what that imports, then of the
 * entries of builds in its folder and in the current one. It reads synchronously, so it must be called once, and reads
 * little where no package.json shows such a framework: a deployed build may be without one, or be in another package.
 */
export function* readProgramFiles(): Generator<Buffer> {
  const [, main = '', argument = ''] = process.argv;
  const current = process.cwd();
  const folders = new Set([current]);
  const started: string[] = [];
  // `react-router-serve build/server/index.js`
  if (SCRIPT.test(argument) && !argument.startsWith('-')) started.push(resolve(current, argument));
  // The main file of a tool, such as `react-router-serve`, imports only the tool.
  if (main !== '' && !main.includes('node_modules')) {
    started.push(main, join(main, 'index.js'));
    folders.add(dirname(main)).add(dirname(dirname(main)));
  }
  const maxBytes = [...folders].some(dependsOnFramework) ? MAX_BYTES : MAX_BYTES_WITHOUT_SIGN;
  const seen = new Set<string>();
  yield* readFrom(started, seen, maxBytes);
  yield* readFrom(
    [...folders].flatMap((folder) => ENTRIES.map((entry) => join(folder, entry))),
    seen,
    maxBytes,
  );
}

/** The files, and those that they import. */
function* readFrom(files: readonly string[], seen: Set<string>, maxBytes: number): Generator<Buffer> {
  const queue = [...files];
  let count = 0;
  let bytes = 0;
  for (const file of queue) {
    if (seen.has(file)) continue;
    seen.add(file);
    const content = readRegularFile(file, maxBytes - bytes);
    if (content === undefined) continue;
    yield content;
    bytes += content.length;
    if (++count === MAX_FILES) return;
    for (const [, path = ''] of content.toString('latin1').matchAll(RELATIVE_PATH))
      queue.push(resolve(dirname(file), path));
  }
}

/** Whether the package.json of a folder, or of one above it, names a framework. */
function dependsOnFramework(folder: string): boolean {
  const text = readRegularFile(join(folder, 'package.json'), MAX_PACKAGE_BYTES)?.toString() ?? '';
  const parent = dirname(folder);
  return PACKAGE.test(text) || (parent !== folder && dependsOnFramework(parent));
}
