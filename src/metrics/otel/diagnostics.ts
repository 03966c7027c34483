import { type DiagLogger, DiagLogLevel } from '@opentelemetry/api';
import { isLogged, log } from '../../base/log.ts';
import type { AppPackage } from '../../config/app-package.ts';
import { VARIABLES } from '../../config/variables.ts';
import { apiOf, registeredGlobal } from './app-api.ts';

/**
 * Sends the messages of OpenTelemetry's SDK to our log. A logger that the app has set stays, and one that it sets later
 * replaces this one.
 * @param hideSecrets removes what must not be logged
 * @returns disconnects
 */
export function connectDiagnostics(app: AppPackage | undefined, hideSecrets: (text: string) => string): () => void {
  if (registeredGlobal('diag') !== undefined) return () => {};
  const { diag } = apiOf(app);
  if (!diag.setLogger(createDiagLogger(hideSecrets), { logLevel: diagLevel() })) return () => {};
  const ours = registeredGlobal('diag');
  return () => {
    if (registeredGlobal('diag') === ours) diag.disable();
  };
}

/** Warnings always, because the status has them even where they are not logged. */
function diagLevel(): DiagLogLevel {
  if (isLogged('all')) return DiagLogLevel.ALL;
  if (isLogged('verbose')) return DiagLogLevel.VERBOSE;
  if (isLogged('debug')) return DiagLogLevel.DEBUG;
  return isLogged('info') ? DiagLogLevel.INFO : DiagLogLevel.WARN;
}

/** Further kinds are not logged, so that memory stays bounded. */
const MAX_KINDS = 50;
const MAX_LINE_CHARS = 500;

/** Messages that config/ has already logged, and the message about a replaced logger. */
const REPORTED = /^(Configuration: |Header "|Failed to read |Current logger will be overwritten)/;
const VARIABLE_NAMES = Object.values(VARIABLES).map(({ variable }) => variable);

type Level = 'error' | 'warn' | 'info' | 'debug' | 'verbose';

/** Logs each kind of warning once: the SDK repeats them, some of them for each value that is recorded. */
export function createDiagLogger(hideSecrets: (text: string) => string): DiagLogger {
  const kinds = new Set<string>();
  let isWriting = false;

  const write = (level: Level, parts: readonly unknown[]): void => {
    // The app's console may be instrumented, and report to this logger.
    if (isWriting) return;
    isWriting = true;
    try {
      const text = hideSecrets(toLine(parts)).slice(0, MAX_LINE_CHARS);
      if (REPORTED.test(text) || VARIABLE_NAMES.some((name) => text.includes(name))) return;
      const line = `OpenTelemetry: ${text}`;
      const kind = kindOf(text);
      if (level === 'debug' || level === 'verbose') log[level](line);
      else if (!kinds.has(kind) && kinds.size < MAX_KINDS) {
        kinds.add(kind);
        if (level === 'info') log.info(line);
        else log[level](line, 'failure', `OpenTelemetry: ${kind}`);
      }
    } catch {
      // A message that cannot be logged must not fail the code that reports it.
    } finally {
      isWriting = false;
    }
  };
  const method =
    (level: Level) =>
    (...parts: unknown[]): void =>
      write(level, parts);
  return {
    error: method('error'),
    warn: method('warn'),
    info: method('info'),
    debug: method('debug'),
    verbose: method('verbose'),
  };
}

/** The readable parts of a message. Objects are left out: they may hold recorded data. */
function toLine(parts: readonly unknown[]): string {
  return parts
    .map((part) =>
      part instanceof Error ? part.message : typeof part === 'object' || typeof part === 'function' ? '' : part,
    )
    .map((part) => String(part).trim())
    .filter((part) => part !== '')
    .join(' ')
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .replace(/\/\/[^\s/@]*@/g, '//...@')
    .replace(/(\/\/[^\s?#"']*)[?#][^\s"')]*/g, '$1?...');
}

/** The message without its values: numbers, quoted texts, texts in parentheses, and a single word after a colon. */
const kindOf = (text: string): string =>
  text
    .replace(/"[^"]*"|'[^']*'|\([^)]*\)/g, '...')
    .replace(/: \S+$/, ': ...')
    .replace(/-?\d[\d.,]*/g, '...');
