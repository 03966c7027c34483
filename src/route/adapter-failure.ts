import { log } from '../base/log.ts';

const reported = new Set<string>();

/** A framework whose internals are not what its adapter expected costs its routes, nothing else; it is said once. */
export function reportAdapterFailure(framework: string, cause: unknown): void {
  if (reported.has(framework)) return;
  reported.add(framework);
  log.debug(`could not read the routes of ${framework}: ${cause instanceof Error ? cause.stack : cause}`);
}

/** Runs what we do in the middle of a framework's code. */
export function guardAdapter(framework: string, run: () => void): void {
  try {
    run();
  } catch (cause) {
    reportAdapterFailure(framework, cause);
  }
}
