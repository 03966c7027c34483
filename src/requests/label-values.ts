import { guard } from '../base/guard.ts';
import { log } from '../base/log.ts';
import type { AppRequest } from './app-request.ts';

/** Longer values are cut. */
const MAX_VALUE_CHARS = 128;

type Source = string | ((request: never) => unknown);

/** Reads the values of the app's own labels of a request, in the order of the labels; empty where there is none. */
export type LabelReader = (request: AppRequest) => string[];

/** @param sources `APM_LABELS`, or the functions of `setupApm`. @returns undefined where there are none */
export function createLabelReader(
  sources: Readonly<Record<string, Source>>,
  env: NodeJS.ProcessEnv = process.env,
): LabelReader | undefined {
  const readers = Object.entries(sources).map(([name, source]) => createReader(name, source, env));
  if (readers.length === 0) return undefined;
  return (request) => readers.map((read) => read(request));
}

function createReader(name: string, source: Source, env: NodeJS.ProcessEnv): (request: AppRequest) => string {
  if (typeof source === 'function') return guarded(name, source as (request: AppRequest) => unknown);
  const [, kind, text = ''] = /^(\w+):(.*)$/s.exec(source) ?? [];
  if (kind === 'header') {
    const header = text.toLowerCase();
    return ({ headers }) => toValue(headers[header]);
  }
  const fixed = toValue(kind === 'env' ? env[text] : text);
  return () => fixed;
}

/** The function of an app as one that never throws. Its first failure is logged. */
function guarded(name: string, read: (request: AppRequest) => unknown): (request: AppRequest) => string {
  let hasReported = false;
  const report = (describe: () => string) => {
    if (hasReported) return;
    hasReported = true;
    guard('describe the failure of a label', () => {
      const line = (what: string) =>
        `setupApm({ labels }): the function of ${name} ${what}; such requests do not have this label`;
      // An error of the app may have data of a request in its text, which does not leave the process.
      log.warn(line(describe()), 'failure', line('failed'));
    });
  };
  return (request) => {
    try {
      const value = read(request);
      if (value === undefined || value === null) return '';
      if (typeof value === 'string') return toValue(value);
      if (['number', 'bigint', 'boolean'].includes(typeof value)) return toValue(String(value));
      const isPromise = value instanceof Promise;
      // A rejection that nobody handles would end the app. Not `then` of any other object: a query begins when it is called.
      if (isPromise) value.catch(() => {});
      report(() => `returned ${isPromise ? 'a promise' : `a value of type ${typeof value}`} instead of a text`);
    } catch (cause) {
      report(() => `threw ${cause}`);
    }
    return '';
  };
}

/** A value that every scrape and push can carry. */
function toValue(value: unknown): string {
  const text = Array.isArray(value) ? value.join(', ') : typeof value === 'string' ? value : '';
  if (text.length <= MAX_VALUE_CHARS && !UNPRINTABLE.test(text)) return text;
  return text.slice(0, MAX_VALUE_CHARS).replace(UNPRINTABLE_ALL, '\ufffd');
}

const UNPRINTABLE = /[\p{Cc}\p{Surrogate}]/u;
const UNPRINTABLE_ALL = new RegExp(UNPRINTABLE, 'gu');
