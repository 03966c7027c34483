import type { Warning } from '../status.ts';

/** The levels of `OTEL_LOG_LEVEL`, from silent to all. */
export const LOG_LEVELS = ['none', 'error', 'warn', 'info', 'debug', 'verbose', 'all'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

let threshold = LOG_LEVELS.indexOf('info');

export function setLogLevel(level: LogLevel): void {
  threshold = LOG_LEVELS.indexOf(level);
}

/** One line on stderr; stdout is the app's. `console` swallows a closed pipe, where `stderr.write` would end the app. */
function write(level: LogLevel, text: string): void {
  if (LOG_LEVELS.indexOf(level) <= threshold) console.error(`[@org/apm] ${text}`);
}

/** So many of the last warnings are kept for the status. */
const KEPT = 20;
const kept: Warning[] = [];

/** Of level warn and error, oldest first. */
export const warnings = (): readonly Warning[] => kept.slice();

function warn(level: Warning['level'], about: Warning['about'], text: string, shared: string): void {
  kept.push({ at: new Date().toISOString(), level, about, text: shared });
  if (kept.length > KEPT) kept.shift();
  write(level, text);
}

/**
 * What is said on stderr. Warnings are kept too.
 * @param about  a setting that is wrong, something of ours that failed, or a state the status has a field for
 * @param shared the line as it may leave the process in the status: without what an environment or an error may hold
 */
export const log = {
  error: (text: string, about: Warning['about'] = 'failure', shared = text): void => warn('error', about, text, shared),
  warn: (text: string, about: Warning['about'] = 'failure', shared = text): void => warn('warn', about, text, shared),
  info: (text: string): void => write('info', text),
  debug: (text: string): void => write('debug', text),
};

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
