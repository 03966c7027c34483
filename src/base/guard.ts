import { log } from './log.ts';

const reportedActions = new Set<string>();

/**
 * Logs that our own code failed, once for each action. The application gets no error: it runs on, and only its metrics
 * are incomplete.
 * @param action what failed; follows the words `failed to`
 */
export function reportFailure(action: string, cause: unknown): void {
  if (reportedActions.has(action)) return;
  reportedActions.add(action);
  const line = `failed to ${action}; the application is not affected`;
  try {
    const detail = describeMissingModule(cause) ?? (cause instanceof Error ? (cause.stack ?? cause.message) : cause);
    log.error(`${line}: ${detail}`, 'failure', `${line}; its stderr has the cause`);
  } catch {
    // The app's own console, or the cause itself, may throw.
  }
}

/** Why a module cannot be loaded, without the stack, which shows only the bundle. Undefined for other failures. */
function describeMissingModule(cause: unknown): string | undefined {
  const { code, message = '' } = (cause ?? {}) as NodeJS.ErrnoException;
  if (code !== 'MODULE_NOT_FOUND' && !message.startsWith('Dynamic require of ')) return undefined;
  const [reason = ''] = message.split('\n');
  return `${reason}; if this app is bundled, docs/bundlers.md of @org/apm has a configuration for its bundler`;
}

/** Runs our own code so that it cannot throw into the application. The first failure of each action is logged. */
export function guard<T>(action: string, run: () => T): T | undefined {
  try {
    return run();
  } catch (cause) {
    reportFailure(action, cause);
    return undefined;
  }
}
