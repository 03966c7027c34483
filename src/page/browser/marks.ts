import { type Stretch, stretchOf } from './batches.ts';
import type { Moment, Timeline } from './timeline.ts';

/** So many are kept; the oldest goes first. */
const MOST = 5;

/** A moment somebody, or a new version, has marked, with what was before. */
export interface Mark {
  readonly name: string;
  readonly at: number;
  readonly before: Stretch;
}

interface Kept {
  readonly marks: Mark[];
  /** What was seen last, in case the next thing that is seen is another version. */
  readonly last: { readonly version: string; readonly before: Stretch } | undefined;
}

/** Index of the first of the last moments, all of which are of this version. */
const beginning = (moments: readonly Moment[], version: string | null): number =>
  moments.findLastIndex((moment) => moment.version !== version) + 1;

/** Kept by the browser, because the process that is marked is replaced by the next version. */
export class Marks {
  readonly #timeline: Timeline;
  #place: string | undefined;
  #marks: Mark[] = [];
  #last: Kept['last'];
  /** The version seen last. */
  #seen: string | undefined;

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
  }

  get all(): readonly Mark[] {
    return this.#marks;
  }

  /** After each answer of the service: a new version marks itself. */
  look(): void {
    const { data, moments, bounds } = this.#timeline;
    if (data === undefined) return;
    const { name, version } = data.service;
    if (this.#place !== `apm ${name}`) this.#load(`apm ${name}`);
    const seen = this.#seen;
    // From the end: a version that is rolled back to has been there before.
    const first = beginning(moments, version);
    if (version === null || first === moments.length) return;
    this.#seen = version;
    if (seen === undefined || seen === version) return;
    const { at, ms } = moments[first] as Moment;
    const earlier = moments.slice(0, first);
    const before = stretchOf(earlier.slice(beginning(earlier, seen)), bounds) ?? this.#last?.before;
    if (before) this.#add({ name: `${seen} → ${version}`, at: at - ms, before });
  }

  /** Marks this moment. @returns whether there is anything before it */
  add(name: string): boolean {
    const before = stretchOf(this.#timeline.moments, this.#timeline.bounds);
    if (before === undefined) return false;
    this.#add({ name, at: before.to, before });
    return true;
  }

  remove(mark: Mark): void {
    this.#marks = this.#marks.filter((other) => other !== mark);
    this.keep();
  }

  /** What has happened since, as far as it is still known. */
  after({ at }: Mark): Stretch | undefined {
    return stretchOf(
      this.#timeline.moments.filter((moment) => moment.at - moment.ms >= at - 1),
      this.#timeline.bounds,
    );
  }

  /** Keeps them, and what was seen last. A browser that keeps nothing forgets the marks with the page. */
  keep(): void {
    if (this.#place === undefined) return;
    const { moments, bounds } = this.#timeline;
    const version = moments.at(-1)?.version;
    const before = stretchOf(
      moments.filter((moment) => moment.version === version),
      bounds,
    );
    if (version && before) this.#last = { version, before };
    const kept: Kept = { marks: this.#marks, last: this.#last };
    try {
      localStorage.setItem(this.#place, JSON.stringify(kept));
    } catch {}
  }

  /** Another tab has kept something: its marks are marks here too, and what it removed is gone. */
  kept(place: string | null): void {
    if (place === null || place !== this.#place) return;
    this.#marks = (read(place)?.marks ?? []).map((mark) => this.#known(mark) ?? mark);
  }

  #add(mark: Mark): void {
    // Each tab sees a new version.
    if (this.#known(mark)) return;
    this.#marks = [...this.#marks, mark].slice(-MOST);
    this.keep();
  }

  #known({ name, at }: Mark): Mark | undefined {
    return this.#marks.find((mark) => mark.name === name && mark.at === at);
  }

  #load(place: string): void {
    this.#place = place;
    const kept = read(place);
    this.#marks = kept?.marks ?? [];
    this.#last = kept?.last;
    this.#seen = kept?.last?.version;
  }
}

function read(place: string): Kept | undefined {
  try {
    const kept: Kept | null = JSON.parse(localStorage.getItem(place) ?? 'null');
    const marks = (kept?.marks ?? []).filter(({ before }) => Array.isArray(before.batches));
    return { marks, last: kept?.last };
  } catch {
    return undefined;
  }
}
