import { isoTime } from './iso-time.ts';

/** The levels of `OTEL_LOG_LEVEL`, from silent to all. */
export const LOG_LEVELS = ['none', 'error', 'warn', 'info', 'debug', 'verbose', 'all'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * A line of level warn or error, kept for the status.
 * @property about  `setting`: a setting is wrong; `failure`: our own code or the SDK failed; `state`: other fields of the
 *                  status show it too
 * @property text   the line that was logged, without the values of variables
 */
export interface Warning {
  readonly at: string;
  readonly level: 'warn' | 'error';
  readonly about: 'setting' | 'failure' | 'state';
  readonly text: string;
}

let threshold = LOG_LEVELS.indexOf('info');

export function setLogLevel(level: LogLevel): void {
  threshold = LOG_LEVELS.indexOf(level);
}

/** Whether lines of this level are written. */
export const isLogged = (level: LogLevel): boolean => LOG_LEVELS.indexOf(level) <= threshold;

/** stderr, because stdout is the app's. `console` ignores a closed pipe, where `stderr.write` would end the app. */
function write(level: LogLevel, text: string): void {
  if (isLogged(level)) console.error(`[@org/apm] ${text}`);
}

/** How many warnings are kept for the status. */
const MAX_WARNINGS = 20;
const recent: Warning[] = [];

/** The last warnings and errors, oldest first, whether the log level let them be written or not. */
export const recentWarnings = (): readonly Warning[] => recent.slice();

function keepAndWrite(level: Warning['level'], about: Warning['about'], text: string, publicText: string): void {
  recent.push({ at: isoTime(Date.now()), level, about, text: publicText });
  if (recent.length > MAX_WARNINGS) recent.shift();
  write(level, text);
}

/**
 * Writes one line to stderr. It starts with what happened. Warnings and errors are also kept for the status.
 * @param about      see `Warning`
 * @param publicText the line for the status, which leaves the process: without values of the environment or of an error
 */
export const log = {
  error: (text: string, about: Warning['about'] = 'failure', publicText = text): void =>
    keepAndWrite('error', about, text, publicText),
  warn: (text: string, about: Warning['about'] = 'failure', publicText = text): void =>
    keepAndWrite('warn', about, text, publicText),
  info: (text: string): void => write('info', text),
  debug: (text: string): void => write('debug', text),
  verbose: (text: string): void => write('verbose', text),
};
