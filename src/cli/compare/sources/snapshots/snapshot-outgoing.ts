import type { ApmSnapshot } from '../../../../snapshot.ts';
import type { History, SharedBounds } from '../history.ts';
import type { Series } from '../series-identity.ts';
import { isObject, isSeconds, notASnapshot, readTimed } from './snapshot-values.ts';

/** Before it was checked. */
type Given = Readonly<Record<string, unknown>>;

/**
 * What a snapshot has of outgoing calls. An older one has less.
 * @throws InputError where anything is malformed
 */
export function readOutgoing(snapshot: ApmSnapshot, source: string, time: number, bounds: SharedBounds): History[] {
  const target = snapshot.counted.id;
  const readList = (name: 'calls' | 'databaseCalls' | 'timeSpent', read: (given: Given) => History): History[] => {
    const list: unknown = snapshot[name] ?? [];
    if (!Array.isArray(list)) throw notASnapshot(source, `its ${name} are no list`);
    return list.map((given: unknown, i) => {
      try {
        if (!isObject(given)) throw new Error('it is no object');
        return read(given);
      } catch (cause) {
        throw notASnapshot(source, `${name}[${i}]: ${(cause as Error).message}`);
      }
    });
  };
  const readCalls = (given: Given, series: Omit<Series & { kind: 'calls' }, 'id' | 'target' | 'kind'>): History => {
    const fine = readTimed(given, snapshot.bounds);
    const { counts, seconds, status, details } = given as { counts: number[]; seconds: number } & Given;
    const { called, operation, isDatabase } = series;
    const id = JSON.stringify([target, 'calls', called, operation, isDatabase, status, details]);
    const identified = { ...series, kind: 'calls', target, id } as const;
    bounds.of(identified).assertSame(source, snapshot.bounds, true);
    return {
      series: identified,
      points: [{ time, values: [...counts, seconds], fine }],
    };
  };
  return [
    ...readList('calls', (given) => {
      const { host, method } = readTexts(given, 'host', 'method');
      const status = given.status as number | null;
      const error = status === null || status >= 500;
      return readCalls(given, { called: host, operation: method, isDatabase: false, error });
    }),
    ...readList('databaseCalls', (given) => {
      const { system, host, operation } = readTexts(given, 'system', 'host', 'operation');
      return readCalls(given, { called: `${system} ${host}`, operation, isDatabase: true, error: false });
    }),
    ...readList('timeSpent', (given) => {
      const { path, method, on } = readTexts(given, 'path', 'method', 'on');
      if (!isSeconds(given.seconds)) throw new Error('its seconds are negative or no number');
      const isSlow = given.slow === true;
      const id = JSON.stringify([target, 'timeSpent', path, method, on, isSlow]);
      return {
        series: { id, kind: 'timeSpent', target, endpoint: `${method} ${path}`, on, isSlow },
        points: [{ time, values: [given.seconds as number] }],
      };
    }),
  ];
}

function readTexts<Name extends string>(given: Given, ...names: Name[]): Record<Name, string> {
  const missing = names.find((name) => typeof given[name] !== 'string');
  if (missing !== undefined) throw new Error(`it has no ${missing}`);
  return given as Record<Name, string>;
}
