/**
 * Postpones a module until it is needed. Loading is synchronous, so that the first request is already measured; a module
 * that failed to load is tried again at the next call.
 * @example
 * const runtime = lazy<typeof import('./runtime.ts')>(() => require('./runtime.js'));
 * runtime().start();
 * @param load requires the module by a literal name, which bundlers find; a file as it is built: with `.js`
 * @returns the module; the first call loads it
 */
export function lazy<Module>(load: () => Module): () => Module {
  let loaded: Module | undefined;
  return () => {
    // Not `??=`, which Node 14 cannot parse: index.ts loads this file on every version.
    if (loaded === undefined) loaded = load();
    return loaded;
  };
}
