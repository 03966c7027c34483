import type { Comparison } from '../../../statistics/model.ts';
import { comparePeriods } from './compare.ts';
import { createSide, type PageSide } from './comparison-side.ts';
import type { TimelineInterval } from './decode.ts';
import { type Mark, readMarks, type StoredMarks, storageKey, writeMarks } from './mark-storage.ts';
import { startOfLastRun } from './runs.ts';
import { decodeSide, encodeSide } from './stored-side.ts';
import type { Timeline } from './timeline.ts';

/** The oldest marks are removed beyond this number. */
const MAX_MARKS = 5;

/**
 * When the timeline has forgotten what was just after a mark, what is left begins at a multiple of this time. If it moved with
 * each answer, each would be another chance of a wrong verdict.
 */
const STEP_MS = 15 * 60_000;

/** Marks of one service, stored in the browser because a deployment replaces the process. */
export class Marks {
  readonly #timeline: Timeline;
  #storageKey: string | undefined;
  #marks: readonly Mark[] = [];
  #lastVersion: StoredMarks['last'];
  #versionSeen: string | undefined;
  /** Until the next answer of the service. */
  #compared: { mark: Mark; cursor: string; comparison: Comparison | undefined } | undefined;

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
  }

  get all(): readonly Mark[] {
    return this.#marks;
  }

  /** Where the marks are in the timeline, in milliseconds since 1970. */
  get times(): number[] {
    return this.#marks.map((mark) => this.#timeline.intervals[this.#startOf(mark) - 1]?.at ?? mark.at);
  }

  /** Call after each answer of the service: sets a mark when the version has changed. */
  detectVersionChange(): void {
    const { latest, intervals } = this.#timeline;
    if (latest === undefined) return;
    const { name, version } = latest.service;
    if (this.#storageKey !== storageKey(name)) this.#load(storageKey(name));
    const previous = this.#versionSeen;
    // Searched from the end, because after a rollback the same version occurs twice.
    const first = intervals.findLastIndex((interval) => interval.version !== version) + 1;
    if (version === null || first === intervals.length) return;
    this.#versionSeen = version;
    if (previous === undefined || previous === version) return;
    const { at, ms } = intervals[first] as TimelineInterval;
    const last = intervals[first - 1];
    const before = last?.version === previous ? encode(lastRun(intervals.slice(0, first))) : this.#lastVersion?.before;
    if (before) this.#add({ name: `${previous} → ${version}`, at: at - ms, last: idOf(last), version, before });
  }

  /** Sets a mark now. @returns false when there is no data before it */
  add(name: string): boolean {
    const { intervals } = this.#timeline;
    const last = intervals.at(-1);
    const before = encode(lastRun(intervals));
    if (last === undefined || before === undefined) return false;
    this.#add({ name, at: last.at, last: idOf(last), before });
    return true;
  }

  remove(mark: Mark): void {
    this.#marks = this.#marks.filter((other) => other !== mark);
    this.save();
  }

  /** Compares what was before the mark and what is after it. @returns undefined where no endpoint has requests in both */
  compare(mark: Mark): Comparison | undefined {
    const { cursor } = this.#timeline;
    if (this.#compared?.mark === mark && this.#compared.cursor === cursor) return this.#compared.comparison;
    const before = decodeSide(mark.before);
    const after = this.#after(mark, new Set(Object.keys(mark.before.endpoints)));
    const comparison = after && comparePeriods(before, after);
    this.#compared = { mark, cursor, comparison };
    return comparison;
  }

  save(): void {
    if (this.#storageKey === undefined) return;
    const { intervals } = this.#timeline;
    const version = intervals.at(-1)?.version;
    const before = version ? encode(lastRun(intervals)) : undefined;
    if (version && before) this.#lastVersion = { version, before };
    writeMarks(this.#storageKey, { marks: this.#marks, last: this.#lastVersion });
  }

  /** Call when another tab has written to the storage: adopts its marks. */
  reload(key: string | null): void {
    if (key === null || key !== this.#storageKey) return;
    this.#marks = (readMarks(key)?.marks ?? []).map((mark) => this.#find(mark) ?? mark);
  }

  /** Within the timeline. Where the service was started anew since the mark, its last run. */
  #after(mark: Mark, keys: ReadonlySet<string>): PageSide | undefined {
    const { intervals } = this.#timeline;
    const start = this.#startOf(mark);
    const isOther = ({ version }: TimelineInterval, i: number) =>
      i >= start && mark.version !== undefined && version !== mark.version;
    const end = intervals.findIndex(isOther);
    return lastRun(end < 0 ? intervals : intervals.slice(0, end), start, keys);
  }

  /** Index of the first interval after the mark. By time only where the one before it is gone: a clock may be set back. */
  #startOf({ at, last }: Mark): number {
    const { intervals } = this.#timeline;
    const isBefore = ({ process, first }: TimelineInterval) => process === last?.process && first <= last.number;
    const found = intervals.findLastIndex(isBefore);
    if (found >= 0) return found + 1;
    const [earliest] = intervals;
    // A service that started later stays where it is.
    const isSliding = earliest !== undefined && earliest.first > 1;
    const late = isSliding ? Math.max(0, earliest.at - earliest.ms - at) : 0;
    const from = at + Math.ceil(late / STEP_MS) * STEP_MS;
    const next = intervals.findIndex((interval) => interval.at - interval.ms >= from - 1);
    return next < 0 ? intervals.length : next;
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

/** The last run of the service in the intervals, from index `start` on. */
function lastRun(intervals: readonly TimelineInterval[], start = 0, keys?: ReadonlySet<string>): PageSide | undefined {
  const first = Math.max(start, startOfLastRun(intervals));
  return createSide(intervals.slice(first), intervals.slice(0, first), keys);
}

const idOf = (interval: TimelineInterval | undefined) =>
  interval && { process: interval.process, number: interval.last };

const encode = (side: PageSide | undefined) => side && encodeSide(side);
