/** The levels of `OTEL_LOG_LEVEL`, from silent to all. */
export const LOG_LEVELS = ['none', 'error', 'warn', 'info', 'debug', 'verbose', 'all'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * @property about  a setting that is wrong; something of ours that failed; or a state other fields of the status tell too
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
