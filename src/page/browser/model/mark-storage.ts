import { isStoredSide, type StoredSide } from './stored-side.ts';

/** Of what is stored. What another version of the page stored in another format is ignored. */
const STORAGE_FORMAT = 4;

/**
 * A point in time, set by the user or by a new version of the service, and what was before it.
 * @property at       in milliseconds since 1970, by the service's clock at that time
 * @property last     the last interval before it: the process that answered, and its number in that process
 * @property version  that replaced another one at this time; undefined for a mark of the user
 */
export interface Mark {
  readonly name: string;
  readonly at: number;
  readonly last: { readonly process: string; readonly number: number } | undefined;
  readonly version?: string;
  readonly before: StoredSide;
}

/**
 * What the browser stores for each service name.
 * @property last the version seen last and its requests, in case the next answer comes from another version
 */
export interface StoredMarks {
  readonly marks: readonly Mark[];
  readonly last: { readonly version: string; readonly before: StoredSide } | undefined;
}

export const storageKey = (service: string): string => `apm ${service}`;

/**
 * Leaves out the oldest marks where the storage is full. Stores nothing in a browser without storage: marks then last as
 * long as the page.
 */
export function writeMarks(key: string, { marks, last }: StoredMarks): void {
  for (let first = 0; first <= marks.length; first++) {
    try {
      localStorage.setItem(key, JSON.stringify({ format: STORAGE_FORMAT, marks: marks.slice(first), last }));
      return;
    } catch {}
  }
}

/** What is malformed is left out. @returns undefined when nothing readable is stored */
export function readMarks(key: string): StoredMarks | undefined {
  try {
    const stored = JSON.parse(localStorage.getItem(key) ?? 'null');
    if (stored?.format !== STORAGE_FORMAT) return undefined;
    const { marks, last } = stored as Record<keyof StoredMarks, unknown>;
    return { marks: Array.isArray(marks) ? marks.filter(isMark) : [], last: isLast(last) ? last : undefined };
  } catch {
    return undefined;
  }
}

function isMark(value: unknown): value is Mark {
  const { name, at, last, version, before } = (value ?? {}) as Partial<Mark>;
  if (typeof name !== 'string' || !isTime(at)) return false;
  if (last !== undefined && (typeof last?.process !== 'string' || !Number.isFinite(last.number))) return false;
  return (version === undefined || typeof version === 'string') && isStoredSide(before);
}

function isLast(value: unknown): value is StoredMarks['last'] {
  const { version, before } = (value ?? {}) as Partial<NonNullable<StoredMarks['last']>>;
  return typeof version === 'string' && isStoredSide(before);
}

/** Whether `Date` has this time. */
const isTime = (value: unknown): boolean => typeof value === 'number' && Math.abs(value) <= 8.64e15;
