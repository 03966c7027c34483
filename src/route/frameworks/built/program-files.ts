import { readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** Read at most from one start. A build tool writes the routes near the entry. */
const MAX_FILES = 32;
const MAX_BYTES = 8_000_000;

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
 * entries of builds in its folder and in the current one. It reads synchronously, so it must be called once.
 */
export function* readProgramFiles(): Generator<Buffer> {
  const [, main = '', argument = ''] = process.argv;
  const current = process.cwd();
  const folders = new Set([current]);
  const started: string[] = [];
  // `react-router-serve build/server/index.js`
  if (argument !== '' && !argument.startsWith('-')) started.push(resolve(current, argument));
  // The main file of a tool, such as `react-router-serve`, imports only the tool.
  if (main !== '' && !main.includes('node_modules')) {
    started.push(main, join(main, 'index.js'));
    folders.add(dirname(main)).add(dirname(dirname(main)));
  }
  const seen = new Set<string>();
  yield* readFrom(started, seen);
  yield* readFrom(
    [...folders].flatMap((folder) => ENTRIES.map((entry) => join(folder, entry))),
    seen,
  );
}

/** The files, and those that they import. */
function* readFrom(files: readonly string[], seen: Set<string>): Generator<Buffer> {
  const queue = [...files];
  let count = 0;
  let bytes = 0;
  for (const file of queue) {
    if (seen.has(file)) continue;
    seen.add(file);
    const content = read(file, MAX_BYTES - bytes);
    if (content === undefined) continue;
    yield content;
    bytes += content.length;
    if (++count === MAX_FILES) return;
    for (const [, path = ''] of content.toString('latin1').matchAll(RELATIVE_PATH))
      queue.push(resolve(dirname(file), path));
  }
}

/** A file may be missing, be a folder, or be forbidden by Node's permissions. */
function read(file: string, maxBytes: number): Buffer | undefined {
  try {
    return statSync(file).size <= maxBytes ? readFileSync(file) : undefined;
  } catch {
    return undefined;
  }
}
