// The page without its views: what it receives, its marks, and what it would colour.
import { Marks } from '../../src/page/browser/model/marks.ts';
import { Timeline } from '../../src/page/browser/model/timeline.ts';
import { toneOf } from '../../src/page/browser/text/outcome.ts';

/** One open page, in a browser without storage: what a mark would store lasts as long as the page. */
export class Watcher {
  #timeline = new Timeline();
  #marks = new Marks(this.#timeline);
  /** Comparisons that were looked at. */
  looks = 0;
  /** Those in which both sides were long enough. */
  judged = 0;
  /** By coloured cell, such as `GET /users/:id p99 better`: in how many looks, and the change in the last of them. */
  coloured = new Map();
  /** The cells that the last look coloured. */
  last = [];

  get cursor() {
    return this.#timeline.cursor;
  }

  /** As the page does with each answer of the service. */
  receive(answer) {
    this.#timeline.add(answer);
    this.#marks.detectVersionChange();
  }

  setMark() {
    if (!this.#marks.add('mark')) throw new Error('there is nothing before the mark');
  }

  /** Compares at the newest mark, if there is one. */
  look() {
    const mark = this.#marks.all.at(-1);
    const comparison = mark && this.#marks.compare(mark);
    if (comparison === undefined) return;
    const { service, endpoints, durations } = comparison;
    this.looks++;
    if (durations.every(({ seconds, needed }) => seconds >= needed)) this.judged++;
    this.last = [];
    for (const { key, measures } of [service, ...endpoints]) {
      for (const result of measures) {
        if (toneOf(result) === 'quiet') continue;
        const cell = `${key} ${result.measure} ${result.verdict}`;
        this.last.push(cell);
        this.coloured.set(cell, { looks: (this.coloured.get(cell)?.looks ?? 0) + 1, change: result.change });
      }
    }
  }
}
