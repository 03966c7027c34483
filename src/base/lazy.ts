// `process.getBuiltinModule` instead of `import`: register.ts loads this file, and static imports add 2 ms to every
// process start.
const { createRequire } = process.getBuiltinModule('node:module');

/**
 * Postpones a module of this package until it is needed. Loading is synchronous, so that the first request is already
 * measured; a module that failed to load is tried again at the next call.
 * @example
 * const runtime = lazy<typeof import('./runtime.ts')>('./runtime.js', import.meta.url);
 * runtime().start();
 * @param file relative to `from`, as it is built: with `.js`
 * @param from `import.meta.url` of the caller
 * @returns the module; the first call loads it
 */
export function lazy<Module>(file: string, from: string): () => Module {
  let loaded: Module | undefined;
  return () => {
    loaded ??= createRequire(from)(file) as Module;
    return loaded;
  };
}
