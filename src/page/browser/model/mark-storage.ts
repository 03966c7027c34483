import type { Period } from './batches.ts';

/** Of what is stored. Marks of other formats are dropped: earlier versions of the page stored explicit buckets. */
const STORAGE_FORMAT = 3;

/** A point in time, set by the user or by a new version of the service, and what was before it. */
export interface Mark {
  readonly name: string;
  readonly at: number;
  readonly before: Period;
}

/**
 * What the browser stores for each service name.
 * @property last the version seen last and its requests, in case the next answer comes from another version
 */
export interface StoredMarks {
  readonly marks: readonly Mark[];
  readonly last: { readonly version: string; readonly before: Period } | undefined;
}

export const storageKey = (service: string): string => `apm ${service}`;

/** Stores nothing in a browser without storage: marks then last as long as the page. */
export function writeMarks(key: string, stored: StoredMarks): void {
  try {
    localStorage.setItem(key, JSON.stringify({ format: STORAGE_FORMAT, ...stored }));
  } catch {}
}

/** @returns undefined when nothing readable is stored */
export function readMarks(key: string): StoredMarks | undefined {
  try {
    const stored = JSON.parse(localStorage.getItem(key) ?? 'null');
    if (stored?.format !== STORAGE_FORMAT) return undefined;
    const { marks, last } = stored as StoredMarks;
    return { marks, last };
  } catch {
    return undefined;
  }
}
