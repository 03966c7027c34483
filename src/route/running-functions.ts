import { readRegularFile } from '../base/regular-file.ts';
import { functionText } from './function-text.ts';

/** How many functions are examined, from the innermost on. */
const MAX_FRAMES = 30;
/** Bundles of apps are smaller. */
const MAX_SOURCE_BYTES = 16 << 20;

/** Reads the source of the functions that are running, each once. */
export class RunningFunctions {
  readonly #sources = new Map<string, string>();
  readonly #seen = new Set<string>();

  /**
   * The texts of the functions that are running now and were not running at an earlier call, from the innermost on.
   * Functions of Node.js are left out, and those whose source cannot be read. No code of the app runs.
   * @param caller the function of ours that was called by the innermost one
   */
  newTexts(caller: (...args: never[]) => unknown): string[] {
    return callSites(caller).flatMap((site) => {
      const text = this.#textOf(site);
      return text === undefined ? [] : [text];
    });
  }

  /** Frees the sources that were read. */
  clear(): void {
    this.#sources.clear();
  }

  #textOf(site: NodeJS.CallSite & Enclosing): string | undefined {
    const file = site.getFileName();
    // An asynchronous frame waits for the running functions, and is not running.
    if (!file || file.startsWith('node:') || site.isAsync?.()) return undefined;
    const [line, column] = [site.getEnclosingLineNumber?.() ?? 0, site.getEnclosingColumnNumber?.() ?? 0];
    const place = `${file}:${line}:${column}`;
    if (line < 1 || this.#seen.has(place)) return undefined;
    this.#seen.add(place);
    return functionText(this.#sourceOf(file), line, column);
  }

  #sourceOf(file: string): string {
    const known = this.#sources.get(file);
    if (known !== undefined) return known;
    const source = read(file);
    this.#sources.set(file, source);
    return source;
  }
}

/**
 * Whether an assignment that fails throws a `TypeError` in the code that has called a setter. V8 shows the functions of
 * sloppy code only. `Reflect.set` never throws.
 */
export function callerMode(setter: (...args: never[]) => unknown): 'strict' | 'sloppy' {
  const [site] = callSites(setter);
  const isReflect = site?.getFileName() == null && site?.getFunctionName() === 'set';
  return site === undefined || isReflect || site.getFunction() !== undefined ? 'sloppy' : 'strict';
}

/** What V8 knows besides: where the function begins. */
interface Enclosing {
  getEnclosingLineNumber?(): number | null;
  getEnclosingColumnNumber?(): number | null;
  isAsync?(): boolean;
}

/** The app's own `prepareStackTrace` is not called, and is in place again before any code of the app runs. */
function callSites(caller: (...args: never[]) => unknown): NodeJS.CallSite[] {
  const names = ['prepareStackTrace', 'stackTraceLimit'] as const;
  const before = names.map((name) => Object.getOwnPropertyDescriptor(Error, name));
  try {
    const target: { stack?: NodeJS.CallSite[] } = {};
    const isSet =
      define('prepareStackTrace', (_: unknown, sites: NodeJS.CallSite[]) => sites) &&
      define('stackTraceLimit', MAX_FRAMES);
    if (!isSet) return [];
    Error.captureStackTrace(target, caller);
    return Array.isArray(target.stack) ? target.stack : [];
  } finally {
    names.forEach((name, index) => {
      const property = before[index];
      if (property === undefined) Reflect.deleteProperty(Error, name);
      else Reflect.defineProperty(Error, name, property);
    });
  }
}

const define = (name: string, value: unknown): boolean =>
  Reflect.defineProperty(Error, name, { value, writable: true, enumerable: true, configurable: true });

/** Empty where the code is from an archive or was evaluated, or the process may not read it. */
function read(file: string): string {
  try {
    return readRegularFile(file.startsWith('file:') ? new URL(file) : file, MAX_SOURCE_BYTES)?.toString() ?? '';
  } catch {
    // Not every URL is one of a file.
    return '';
  }
}
