import type { FineHistogram } from '../../../../base/histogram/fine-histogram.ts';
import { OWN_PACKAGE } from '../../../../config/own-package.ts';
import type { ApmSnapshot, RequestCounts } from '../../../../snapshot.ts';
import { InputError } from '../../../input-error.ts';
import type { History } from '../history.ts';
import { knownServices, type Scrape } from '../scrape.ts';
import type { RequestSeries } from '../series-identity.ts';
import { readOutgoing } from './snapshot-outgoing.ts';
import { isCount, isObject, notASnapshot, readTimed } from './snapshot-values.ts';

/** Whether a text is JSON, and so a snapshot rather than a scrape. */
export const isJson = (text: string): boolean => /^\ufeff?\s*[{[]/.test(text);

/** Whether a text is a snapshot, of whatever format. */
export const isSnapshot = (text: string): boolean => isJson(text) && isOwn(readJson(text));

/**
 * Reads a snapshot, as `/snapshot` answers and `apm snapshot` saves it.
 * @param source  for messages: a URL or the path of a file
 * @throws InputError where it is none, or another version wrote it
 */
export function parseSnapshot(text: string, source: string): Scrape {
  const snapshot = parseJson(text, source);
  const id = snapshot.counted.id;
  const since = snapshot.counted.since === null ? undefined : seconds(snapshot.counted.since);
  const time = seconds(snapshot.time);
  const counted = snapshot.requests.map((counts, i) => {
    try {
      return { counts, fine: readFine(counts, snapshot.bounds) };
    } catch (cause) {
      throw notASnapshot(source, `requests[${i}]: ${(cause as Error).message}`);
    }
  });
  return {
    kind: 'json',
    source,
    time,
    clock: time,
    processes: new Map([[id, id]]),
    began: new Map(since === undefined ? [] : [[id, since]]),
    starts: snapshot.processes.map(({ started }) => seconds(started)),
    services: knownServices([snapshot.service.name]),
    readHistories(at, bounds) {
      bounds.assertSame(source, snapshot.bounds, true);
      return [
        ...counted.flatMap(({ counts, fine }) => toHistories(counts, fine, id, at)),
        ...(bounds.outgoing ? readOutgoing(snapshot, source, at, bounds) : []),
      ];
    },
  };
}

function parseJson(text: string, source: string): ApmSnapshot {
  const found = readJson(text);
  if (found === undefined) throw notASnapshot(source, 'its JSON is not complete');
  if (!isOwn(found)) {
    throw new InputError(`${source} is JSON, but not of ${OWN_PACKAGE.name}; give what apm snapshot saved`);
  }
  if (found.format !== 1) {
    const version = found.package?.version;
    throw new InputError(
      `${source} is a snapshot of ${OWN_PACKAGE.name} ${version}, whose format ${found.format} is not known here; run npx ${OWN_PACKAGE.name}@${version}`,
    );
  }
  const problem = problemOf(found);
  if (problem !== undefined) throw notASnapshot(source, problem);
  return found as ApmSnapshot;
}

type Unchecked = Partial<ApmSnapshot> | null | undefined;

/** @returns undefined where it is no JSON */
function readJson(text: string): Unchecked {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    return undefined;
  }
}

const isOwn = (found: Unchecked): found is Partial<ApmSnapshot> =>
  found?.package?.name === OWN_PACKAGE.name && Array.isArray(found.requests);

const isTime = (value: unknown): boolean => typeof value === 'string' && Number.isFinite(Date.parse(value));
const isAscending = (bounds: readonly unknown[]): boolean =>
  bounds.every(
    (bound, i) => Number.isFinite(bound) && (bound as number) > ((bounds[i - 1] as number | undefined) ?? 0),
  );

function problemOf({ service, time, counted, processes, bounds, requests }: Partial<ApmSnapshot>): string | undefined {
  if (typeof service?.name !== 'string') return 'it has no service';
  if (!isTime(time)) return 'it has no time';
  if (typeof counted?.id !== 'string' || (counted.since !== null && !isTime(counted.since))) return 'it has no counted';
  if (!Array.isArray(processes) || !processes.every((one) => isTime(one?.started))) return 'it has no processes';
  if (!Array.isArray(bounds) || !isAscending(bounds)) return 'it has no bounds';
  return Array.isArray(requests) ? undefined : 'it has no requests';
}

/** @throws where anything is malformed, or the two histograms disagree */
function readFine(given: unknown, bounds: readonly number[]): FineHistogram {
  if (!isObject(given)) throw new Error('it is no object');
  const { path, method, status, labels, requests } = given;
  if (typeof path !== 'string' || typeof method !== 'string') throw new Error('it has no path or no method');
  if (![status, requests].every(isCount)) throw new Error('its status or its requests are no count');
  if (labels !== undefined && !isObject(labels)) throw new Error('its labels are no object');
  return readTimed(given, bounds);
}

function toHistories(given: RequestCounts, fine: FineHistogram, target: string, time: number): History[] {
  const { path, method, status, labels, details, requests, counts, seconds: sum } = given;
  const series = (kind: RequestSeries['kind']): RequestSeries => ({
    id: JSON.stringify([target, kind, path, method, status, labels, details]),
    kind,
    target,
    endpoint: `${method} ${path}`,
    error: status >= 500 && status <= 599,
  });
  return [
    { series: series('requests'), points: [{ time, values: [requests] }] },
    { series: series('durations'), points: [{ time, values: [...counts, sum], fine }] },
  ];
}

const seconds = (time: string): number => Date.parse(time) / 1000;
