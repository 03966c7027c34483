import type { Increments, States } from '../metrics/increments.ts';
import type { ActiveRequests, CallCounts, Details, RequestCounts } from '../metrics/model.ts';
import { batches } from './batches.ts';
import { encodeInstruments, type InstrumentPart } from './instrument-wire.ts';

/** Some of what a process counted, or of its states, as it is sent. */
export type Part = InstrumentPart | RequestsPart | CallsPart | ActivePart;

export interface RequestsPart {
  readonly requests: readonly (readonly [
    path: string,
    method: string,
    status: number,
    requests: number,
    seconds: number,
    counts: readonly number[],
    details: Details | null,
  ])[];
}
export interface CallsPart {
  readonly calls: readonly (readonly [
    host: string,
    method: string,
    status: number | null,
    requests: number,
    seconds: number,
    counts: readonly number[],
    details: Details | null,
  ])[];
}
export interface ActivePart {
  readonly active: readonly (readonly [method: string, requests: number, details: Details | null])[];
}

export function* encodeIncrements({ requests, calls, instruments }: Increments): Generator<Part> {
  for (const batch of batches(requests, encodeRequests)) yield { requests: batch };
  for (const batch of batches(calls, encodeCalls)) yield { calls: batch };
  yield* encodeInstruments(instruments);
}

export function* encodeStates({ active, instruments }: States): Generator<Part> {
  for (const batch of batches(active, encodeActive)) yield { active: batch };
  yield* encodeInstruments(instruments);
}

const encodeRequests = ({ path, method, status, requests, seconds, counts, details }: RequestCounts) =>
  [path, method, status, requests, seconds, counts, details ?? null] as const;

const encodeCalls = ({ host, method, status, requests, seconds, counts, details }: CallCounts) =>
  [host, method, status ?? null, requests, seconds, counts, details ?? null] as const;

const encodeActive = ({ method, requests, details }: ActiveRequests) => [method, requests, details ?? null] as const;
