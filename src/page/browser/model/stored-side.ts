import type { FineHistogram } from '../../../base/histogram/fine-histogram.ts';
import { parseHistogram, textOf } from '../../../base/histogram/histogram-text.ts';
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
