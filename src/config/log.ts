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

export const log = {
  error: (text: string): void => write('error', text),
  warn: (text: string): void => write('warn', text),
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
