import type { Counters } from '../../protocol.ts';
import type { Period } from './batches.ts';
import { decodeCounters } from './decode.ts';
import type { RequestStats } from './request-totals.ts';

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
    localStorage.setItem(key, JSON.stringify(stored));
  } catch {}
}

/** @returns undefined when nothing readable is stored */
export function readMarks(key: string): StoredMarks | undefined {
  try {
    const stored: StoredMarks | null = JSON.parse(localStorage.getItem(key) ?? 'null');
    const isReadable = ({ before }: { readonly before: Period }) => Array.isArray(before.batches);
    const read = <T extends { readonly before: Period }>(entry: T) => ({ ...entry, before: readPeriod(entry.before) });
    const last = stored?.last;
    return {
      marks: (stored?.marks ?? []).filter(isReadable).map(read),
      last: last && isReadable(last) ? read(last) : undefined,
    };
  } catch {
    return undefined;
  }
}

/** Earlier versions of the page stored the counters as they were sent. */
function readPeriod(period: Period): Period {
  const buckets = period.bounds.length + 1;
  const readStats = (stats: RequestStats | Counters) => (Array.isArray(stats) ? decodeCounters(stats, buckets) : stats);
  const batches = period.batches.map((batch) =>
    Object.fromEntries(Object.entries(batch).map(([key, stats]) => [key, readStats(stats)])),
  );
  return { ...period, batches };
}
