import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { createRequire, Module } from 'node:module';
import { guard } from '../../base/guard.ts';
import { Patches } from './patches.ts';

/**
 * A file of a driver.
 * @property package the folder of its package begins with this; `mongodb` finds an alias such as `mongodb-6`, too
 * @property path    in the package, such as `/lib/client.js`
 * @property found   called for each copy that the app loads, with what the file exports
 */
export interface DriverFile {
  readonly package: string;
  readonly path: string;
  found(exports: unknown): void;
}

type Loader = { _cache: Record<string, Module | undefined>; _load: unknown };
const loader = Module as unknown as Loader;

/** Node publishes every `require` here from 22 on, also those by which it loads CommonJS for `import`. */
const REQUIRED = 'tracing:module.require:end';

/** Finds files of drivers, whether the app has loaded them or will do so, in CommonJS and in ES modules. */
export function watchDriverFiles(files: readonly DriverFile[]): () => void {
  const names = files.map((file) => file.package).join('|');
  const request = new RegExp(`(?:^|[\\\\/]node_modules[\\\\/])(?:${names})(?:$|[-\\\\/])`);
  // An alias may end with a version. Another name, such as `pg-boss`, is that of a package that uses the driver.
  const folder = `(?:${names})(?:-[\\d.]+)?`;
  const parent = new RegExp(`[\\\\/]node_modules[\\\\/]${folder}[\\\\/](?!.*[\\\\/]node_modules[\\\\/])`);
  const search = createSearch(files);
  /** Some apps require a package in each request. */
  const seen = new WeakSet<object>();
  const onLoaded = (id: unknown, from: unknown, exports: unknown) => {
    if (typeof id !== 'string' || !request.test(id) || !isObject(exports) || seen.has(exports)) return;
    // The driver is loading itself: it is complete when what required it has got it.
    if (typeof from === 'string' && parent.test(from)) return;
    seen.add(exports);
    // Other tools patch a package before the `require` of it returns, and some patch it twice. Ours is put around theirs.
    Promise.resolve().then(search);
  };
  const unwatch = publishesRequires() ? subscribeToRequires(onLoaded) : patchLoad(onLoaded);
  search();
  return unwatch;
}

const isObject = (value: unknown): value is object =>
  typeof value === 'function' || (typeof value === 'object' && value !== null);

/** @returns looks through the loaded modules for files that were not found yet. It does not throw */
function createSearch(files: readonly DriverFile[]): () => void {
  const found = new WeakSet<Module>();
  const patterns = files.map((file) => {
    const path = file.path.replace(/[/\\]/g, '[\\\\/]').replace('.', '\\.');
    return {
      file,
      end: file.path.slice(file.path.lastIndexOf('/') + 1),
      pattern: new RegExp(`[\\\\/]${file.package}[^\\\\/]*${path}$`),
    };
  });
  return () => {
    for (const path of Object.keys(loader._cache)) {
      for (const { file, end, pattern } of patterns) {
        // First, because an app has thousands of modules.
        if (!path.endsWith(end) || !pattern.test(path)) continue;
        const module = loader._cache[path];
        if (module === undefined || !module.loaded || found.has(module)) continue;
        found.add(module);
        guard(`patch ${file.package}`, () => file.found(module.exports));
      }
    }
  };
}

type OnLoaded = (id: unknown, from: unknown, exports: unknown) => void;

function publishesRequires(): boolean {
  let published = false;
  const note = () => {
    published = true;
  };
  subscribe(REQUIRED, note);
  createRequire(process.execPath)('node:path');
  unsubscribe(REQUIRED, note);
  return published;
}

function subscribeToRequires(onLoaded: OnLoaded): () => void {
  const onRequired = (message: unknown) => {
    const { id, parentFilename, result } = message as { id?: unknown; parentFilename?: unknown; result?: unknown };
    guard('see a package that the app loads', () => onLoaded(id, parentFilename, result));
  };
  subscribe(REQUIRED, onRequired);
  return () => {
    unsubscribe(REQUIRED, onRequired);
  };
}

function patchLoad(onLoaded: OnLoaded): () => void {
  const patches = new Patches();
  patches.add(loader, '_load', (original, self, args) => {
    const exports = Reflect.apply(original, self, args);
    const [id, from] = args as [unknown, { filename?: unknown } | undefined];
    guard('see a package that the app loads', () => onLoaded(id, from?.filename, exports));
    return exports;
  });
  return () => patches.restore();
}
