import type { FineHistogram } from '../../../base/histogram/fine-histogram.ts';
import { isHistogramText, parseHistogram, textOf } from '../../../base/histogram/histogram-text.ts';
import type { Block } from '../../../statistics/model.ts';
import type { PageSide } from './comparison-side.ts';

/** A browser stores about 5 million characters for all services of an address. There are six sides of each service. */
const MAX_CHARS = 400_000;

/** 0 where a block has no request. */
type StoredTotals = readonly [requests: number, errors: number, seconds: number, durations: string] | 0;

/**
 * One side of a comparison as JSON that is small enough to be stored.
 * @property times      of each block: its start and its end, in seconds since 1970
 * @property starts     of processes, seconds since 1970
 * @property endpoints  by key: what each block counted
 */
export interface StoredSide {
  readonly times: readonly (readonly [from: number, to: number])[];
  readonly starts: readonly number[];
  readonly endpoints: Readonly<Record<string, readonly StoredTotals[]>>;
}

/** Endpoints that take little time are left out where the room does not suffice. */
export function encodeSide({ blocks, starts = [] }: PageSide): StoredSide {
  const seconds = new Map<string, number>();
  for (const { endpoints } of blocks) {
    for (const [key, totals] of endpoints) seconds.set(key, (seconds.get(key) ?? 0) + totals.seconds);
  }
  const endpoints: Record<string, StoredTotals[]> = {};
  let room = MAX_CHARS;
  for (const [key] of Array.from(seconds).sort(([, a], [, b]) => b - a)) {
    const rows = blocks.map((block) => encodeTotals(block, key));
    const chars = JSON.stringify([key, rows]).length;
    if (chars > room) continue;
    room -= chars;
    endpoints[key] = rows;
  }
  return { times: blocks.map(({ from, to }) => [from, to]), starts, endpoints };
}

function encodeTotals({ endpoints }: Block, key: string): StoredTotals {
  const totals = endpoints.get(key);
  if (totals === undefined) return 0;
  const { requests, errors, seconds, histogram } = totals;
  return [requests, errors, Math.round(seconds * 1e6) / 1e6, textOf(histogram as FineHistogram)];
}

export function decodeSide({ times, starts, endpoints }: StoredSide): PageSide {
  const blocks = times.map(([from, to]) => ({ from, to, endpoints: new Map() }));
  for (const [key, rows] of Object.entries(endpoints)) {
    rows.forEach((row, i) => {
      if (row === 0) return;
      const [requests, errors, seconds, durations] = row;
      blocks[i]?.endpoints.set(key, { requests, errors, seconds, histogram: parseHistogram(durations) });
    });
  }
  return { blocks, starts };
}

/** Whether it is what `encodeSide` made, and not what something else wrote into the storage. */
export function isStoredSide(value: unknown): value is StoredSide {
  const { times, starts, endpoints } = (value ?? {}) as Partial<StoredSide>;
  if (!Array.isArray(times) || !times.every((pair) => isNumbers(pair) && pair.length === 2)) return false;
  if (!isNumbers(starts) || !isObject(endpoints)) return false;
  return Object.values(endpoints).every(
    (rows: unknown) => Array.isArray(rows) && rows.length === times.length && rows.every(isStoredTotals),
  );
}

function isStoredTotals(row: unknown): row is StoredTotals {
  if (row === 0) return true;
  if (!Array.isArray(row) || row.length !== 4) return false;
  const durations: unknown = row[3];
  return row.slice(0, 3).every((value) => value >= 0 && Number.isFinite(value)) && isHistogramText(durations);
}

const isNumbers = (value: unknown): value is number[] => Array.isArray(value) && value.every(Number.isFinite);
const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
