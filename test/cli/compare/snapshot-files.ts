import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FineHistogram } from '../../../src/base/histogram/fine-histogram.ts';
import { snapshotName } from '../../../src/cli/compare/sources/snapshots/snapshot-files.ts';
import { loadSnapshotPeriod } from '../../../src/cli/compare/sources/snapshots/snapshots.ts';
import type { ApmSnapshot } from '../../../src/snapshot.ts';
import type { Side } from '../../../src/statistics/model.ts';

/** The seconds of each request, by `METHOD path status`. */
export type Latencies = Readonly<Record<string, readonly number[]>>;

/**
 * What a service says in a snapshot.
 * @property time     seconds since 1970
 * @property id       of the counts
 * @property since    from when on they could be read, null where some were passed on
 * @property started  when each process started
 * @property service  its name
 */
export interface SnapshotOptions {
  readonly time: number;
  readonly id?: string;
  readonly since?: number | null;
  readonly started?: readonly number[];
  readonly service?: string;
  readonly bounds?: readonly number[];
}

const iso = (seconds: number) => new Date(seconds * 1000).toISOString();

export function buildSnapshot(latencies: Latencies, options: SnapshotOptions): ApmSnapshot {
  const { time, id = 'one', since = 900, started = [890], bounds = [0.1, 1], service = 'shop' } = options;
  return {
    format: 1,
    package: { name: '@org/apm', version: '1.0.0' },
    service: { name: service, version: null },
    time: iso(time),
    counted: { id, since: since === null ? null : iso(since) },
    processes: started.map((start, i) => ({ pid: String(100 + i), started: iso(start) })),
    bounds,
    requests: Object.entries(latencies).map(([key, seconds]) => {
      const [method = '', path = '', status = ''] = key.split(' ');
      const fine = new FineHistogram();
      const counts = [...bounds.map(() => 0), 0];
      for (const value of seconds) {
        fine.record(value);
        const bucket = bounds.findIndex((bound) => value <= bound);
        (counts[bucket < 0 ? bounds.length : bucket] as number)++;
      }
      const sum = seconds.reduce((all, each) => all + each, 0);
      return {
        method,
        path,
        status: Number(status),
        requests: seconds.length,
        seconds: sum,
        counts,
        fine: fine.encode(),
      };
    }),
    calls: [],
    databaseCalls: [],
    timeSpent: [],
  };
}

/** Writes a snapshot into a directory, as apm snapshot does. */
export async function saveSnapshot(folder: string, snapshot: ApmSnapshot): Promise<string> {
  return save(join(folder, snapshotName(new Date(snapshot.time), 'json')), JSON.stringify(snapshot));
}

export async function save(file: string, text: string): Promise<string> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  return file;
}

/** The side of saved snapshots. */
export const loadSnapshotSide = async (path: string): Promise<Side> => (await loadSnapshotPeriod(path)).side;
