import { type Period, periodOf } from './batches.ts';
import type { TimelineInterval } from './decode.ts';
import { type Mark, readMarks, type StoredMarks, storageKey, writeMarks } from './mark-storage.ts';
import type { Timeline } from './timeline.ts';

/** The oldest marks are removed beyond this number. */
const MAX_MARKS = 5;

/** Marks of one service, stored in the browser because a deployment replaces the process. */
export class Marks {
  readonly #timeline: Timeline;
  #storageKey: string | undefined;
  #marks: readonly Mark[] = [];
  #lastVersion: StoredMarks['last'];
  #versionSeen: string | undefined;

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
  }

  get all(): readonly Mark[] {
    return this.#marks;
  }

  /** Call after each answer of the service: sets a mark when the version has changed. */
  detectVersionChange(): void {
    const { latest, intervals } = this.#timeline;
    if (latest === undefined) return;
    const { name, version } = latest.service;
    if (this.#storageKey !== storageKey(name)) this.#load(storageKey(name));
    const previous = this.#versionSeen;
    // Searched from the end, because after a rollback the same version occurs twice.
    const first = startOfLastRun(intervals, version);
    if (version === null || first === intervals.length) return;
    this.#versionSeen = version;
    if (previous === undefined || previous === version) return;
    const { at, ms } = intervals[first] as TimelineInterval;
    const earlier = intervals.slice(0, first);
    const before = periodOf(earlier.slice(startOfLastRun(earlier, previous))) ?? this.#lastVersion?.before;
    if (before) this.#add({ name: `${previous} → ${version}`, at: at - ms, before });
  }

  /** Sets a mark now. @returns false when there is no data before it */
  add(name: string): boolean {
    const before = periodOf(this.#timeline.intervals);
    if (before === undefined) return false;
    this.#add({ name, at: before.to, before });
    return true;
  }

  remove(mark: Mark): void {
    this.#marks = this.#marks.filter((other) => other !== mark);
    this.save();
  }

  /** What happened since the mark, within the timeline. */
  after({ at }: Mark): Period | undefined {
    return periodOf(this.#timeline.intervals.filter((interval) => interval.at - interval.ms >= at - 1));
  }

  save(): void {
    if (this.#storageKey === undefined) return;
    const { intervals } = this.#timeline;
    const version = intervals.at(-1)?.version;
    const before = periodOf(intervals.filter((interval) => interval.version === version));
    if (version && before) this.#lastVersion = { version, before };
    writeMarks(this.#storageKey, { marks: this.#marks, last: this.#lastVersion });
  }

  /** Call when another tab has written to the storage: adopts its marks. */
  reload(key: string | null): void {
    if (key === null || key !== this.#storageKey) return;
    this.#marks = (readMarks(key)?.marks ?? []).map((mark) => this.#find(mark) ?? mark);
  }

  #add(mark: Mark): void {
    // Every open tab detects the same new version.
    if (this.#find(mark)) return;
    this.#marks = [...this.#marks, mark].slice(-MAX_MARKS);
    this.save();
  }

  #find({ name, at }: Mark): Mark | undefined {
    return this.#marks.find((mark) => mark.name === name && mark.at === at);
  }

  #load(key: string): void {
    this.#storageKey = key;
    const stored = readMarks(key);
    this.#marks = stored?.marks ?? [];
    this.#lastVersion = stored?.last;
    this.#versionSeen = stored?.last?.version;
  }
}

/** @returns index of the first of the last consecutive intervals of this version */
const startOfLastRun = (intervals: readonly TimelineInterval[], version: string | null): number =>
  intervals.findLastIndex((interval) => interval.version !== version) + 1;
