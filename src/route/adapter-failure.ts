import { log } from '../base/log.ts';
import type { AdapterFailure } from '../status.ts';

/**
 * A framework's objects are not what its adapter expects, for example after a new major version.
 * The message is our own text about the framework's objects, without data of the app: the status shows it.
 */
export class UnexpectedInternals extends Error {}

/** A framework works as expected, and its routes cannot be seen. */
export class HiddenRoutes extends UnexpectedInternals {}

const failures = new Map<string, AdapterFailure>();

/** The frameworks whose routes could not be read in this process, with the first cause of each. */
export const adapterFailures = (): readonly AdapterFailure[] => [...failures.values()];

/**
 * Warns, once per framework, that its routes cannot be read. The requests are still counted, by the shape of their paths;
 * without the warning nobody would notice that the `path` labels are guesses.
 */
export function reportAdapterFailure(framework: string, cause: unknown): void {
  if (failures.has(framework)) return;
  const isKnown = cause instanceof UnexpectedInternals;
  const text = isKnown ? cause.message : 'its adapter threw an error; the stderr of the process shows it';
  const isHidden = cause instanceof HiddenRoutes;
  failures.set(framework, { framework, text, ...(isHidden && { isHidden }) });
  const advice = isHidden
    ? 'Name its routes with APM_ROUTES'
    : `Report this with the versions of ${framework} and Node.js, and name the routes with APM_ROUTES`;
  const line = (what: string) =>
    `could not read the routes of ${framework}: ${what}; its requests are counted by the shape of their paths. ${advice}`;
  try {
    // The message of any other error may hold data of the app, so it is only logged.
    log.warn(line(isKnown ? cause.message : messageOf(cause)), 'state', line(text));
    if (cause instanceof Error) log.debug(`could not read the routes of ${framework}: ${cause.stack}`);
  } catch {
    // The app's own console threw. There is no other place to report to.
  }
}

/** Runs our code in the middle of a framework's code, which must never see an error of ours. */
export function guardAdapter(framework: string, run: () => void): void {
  try {
    run();
  } catch (cause) {
    reportAdapterFailure(framework, cause);
  }
}

/** On one line. */
const messageOf = (cause: unknown): string => String(cause).replaceAll(/\s+/g, ' ');
