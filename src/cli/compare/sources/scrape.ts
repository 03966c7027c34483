import { InputError } from '../../input-error.ts';
import { parseExposition } from './exposition.ts';
import { buildHistories, type History, type SharedBounds, type StoredSeries, withoutPrefix } from './history.ts';
import { targetKey } from './series-identity.ts';

export type ScrapeKind = 'text' | 'json';

/**
 * What processes had counted at a moment: the text of a scrape, or a snapshot.
 * @property kind       text has only explicit buckets; a snapshot, in JSON, also has fine histograms
 * @property source     for messages: a URL or the path of a file
 * @property time       seconds since 1970
 * @property clock      the same by the clock of the processes, which `began` and `starts` are by
 * @property processes  by target, the process's own id (`service.instance.id`); a restarted process has another, unless
 *                      it is configured
 * @property began      by target, from when on its counts could be read: no earlier scrape has any of them. Only snapshots tell
 * @property starts     when its processes started. Only snapshots tell
 * @property services   the names of the services that it is of, as far as they are known
 */
export interface Scrape {
  readonly kind: ScrapeKind;
  readonly source: string;
  readonly time: number;
  readonly clock: number;
  readonly processes: ReadonlyMap<string, string | undefined>;
  readonly began: ReadonlyMap<string, number>;
  readonly starts: readonly number[];
  readonly services: ReadonlySet<string>;
  /**
   * One point for each series.
   * @param time  of the points, seconds since 1970
   * @throws BoundsMismatch
   * @throws InputError where no histogram is complete, or values are negative
   */
  readHistories(time: number, bounds: SharedBounds): History[];
}

/** Of one series of scrapes, two kinds cannot be subtracted from each other. */
export const mixedKinds = (one: string, other: string): InputError =>
  new InputError(`of ${one} and ${other}, one is a snapshot in JSON and one the text of a scrape; give only one kind`);

/** @property stored  series of any metric, without the prefix */
export interface TextScrape extends Scrape {
  readonly stored: readonly StoredSeries[];
}

/**
 * @param prefix  of the names of our metrics; the scrape has only these, without it
 * @throws InputError where the text is not a scrape
 */
export function parseScrape(text: string, source: string, time: number, prefix = ''): TextScrape {
  const samples = parseExposition(text, source);
  const processes = new Map<string, string | undefined>();
  for (const { name, labels } of samples) {
    const target = targetKey(labels);
    const instanceId = name === 'target_info' ? labels.service_instance_id : undefined;
    processes.set(target, instanceId ?? processes.get(target));
  }
  // Before its first request, a process without a resource has no series at all.
  if (processes.size === 0) processes.set('', undefined);
  const storedAt = (time: number) =>
    withoutPrefix(
      samples.map(({ name, labels, value }) => ({ name, labels, samples: [[time, value]] })),
      prefix,
    );
  return {
    kind: 'text',
    source,
    time,
    clock: time,
    processes,
    began: new Map(),
    starts: [],
    services: knownServices(
      samples.map(({ name, labels }) => (name === 'target_info' ? labels.service_name : undefined)),
    ),
    stored: storedAt(time),
    readHistories: (time, bounds) => buildHistories(storedAt(time), source, bounds),
  };
}

/** Without those that OpenTelemetry makes up for a service that has no name, such as `unknown_service:node`. */
export const knownServices = (names: readonly (string | undefined)[]): ReadonlySet<string> =>
  new Set(names.filter((name) => name !== undefined && name !== '' && !/^unknown_service(:|$)/.test(name)) as string[]);

/** When its processes started, by the clock of its `time`. */
export const startsOf = ({ starts, time, clock }: Scrape): number[] => starts.map((start) => start + time - clock);
