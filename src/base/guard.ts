import { log } from './log.ts';

const failed = new Set<string>();

/**
 * Says once for each stage that our own code failed there. The app is never told otherwise: it runs on, less measured.
 * @param stage what was being done, as it reads after `could not`
 */
export function reportFailure(stage: string, cause: unknown): void {
  if (failed.has(stage)) return;
  failed.add(stage);
  try {
    log.error(
      `could not ${stage}; the app runs on: ${cause instanceof Error ? (cause.stack ?? cause.message) : cause}`,
      'failure',
      `could not ${stage}; the app runs on, and its stderr has the cause`,
    );
  } catch {
    // A console that throws is the app's own; there is nobody left to tell.
  }
}

/** Runs our own code so that it cannot throw into the app; the first failure of a stage is logged with its cause. */
export function guard<T>(stage: string, run: () => T): T | undefined {
  try {
    return run();
  } catch (cause) {
    reportFailure(stage, cause);
    return undefined;
  }
}
