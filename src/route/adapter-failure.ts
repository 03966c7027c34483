import { log } from '../base/log.ts';

const surprised = new Set<string>();

/** A framework whose internals are not what its adapter expected costs its routes, nothing else; it is said once. */
export function surprise(framework: string, cause: unknown): void {
  if (surprised.has(framework)) return;
  surprised.add(framework);
  log.debug(`could not read the routes of ${framework}: ${cause instanceof Error ? cause.stack : cause}`);
}

/** Runs what we do in the middle of a framework's code. */
export function quietly(framework: string, run: () => void): void {
  try {
    run();
  } catch (cause) {
    surprise(framework, cause);
  }
}
