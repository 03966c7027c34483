import { type Compared, compare } from './compare.ts';
import { h, setChildren, setText } from './dom.ts';
import { clock, count, estimated, explained } from './format.ts';
import { markdown, said } from './markdown.ts';
import type { Mark, Marks } from './marks.ts';
import { type Column, Table } from './table.ts';
import { words } from './words.ts';

const column = (i: 0 | 1 | 2): Column<Compared> => ({
  name: ['p50', 'p90', 'p99'][i] as string,
  cell: ({ quantiles }) => {
    const { before, after, outcome } = quantiles[i] as Compared['quantiles'][number];
    const isKnown = outcome.kind === 'change';
    return {
      text: `${estimated(before)} → ${estimated(after)}`,
      title: `${words.before}: ${explained(before)} ${words.after}: ${explained(after)}`,
      note: said(outcome),
      className: isKnown && outcome.high <= 1 ? 'good' : isKnown && outcome.low >= 1 ? 'bad' : 'quiet',
    };
  },
});

/** Marks, and what has changed since the one that is chosen. */
export class MarksView {
  readonly element: HTMLElement;
  readonly #marks: Marks;
  readonly #service: () => string;
  readonly #name = h('input', { id: 'mark-name', maxlength: '60', autocomplete: 'off' });
  readonly #choice = h('select', { id: 'mark-choice' });
  readonly #chosen: HTMLElement;
  readonly #waiting = h('p', { class: 'quiet' }, words.waiting);
  readonly #said = h('span', { role: 'status' });
  readonly #byHand = h('textarea', { rows: '8', readonly: true, 'aria-label': words.copyByHand });
  readonly #table = new Table<Compared>({
    caption: words.marks,
    keyOf: ({ key }) => key,
    columns: [
      { name: words.endpoint, cell: ({ key }) => ({ text: key }) },
      { name: words.requests, cell: ({ requests }) => ({ text: requests.map(count).join(' → ') }) },
      column(0),
      column(1),
      column(2),
    ],
  });
  #options: readonly Mark[] = [];

  constructor(marks: Marks, service: () => string, changed: () => void) {
    this.#marks = marks;
    this.#service = service;
    const mark = (event: Event) => {
      event.preventDefault();
      if (!marks.add(this.#name.value.trim() || words.markDefault(clock(Date.now())))) return;
      this.#name.value = '';
      this.#select(marks.all.at(-1));
      changed();
    };
    const remove = () => {
      const chosen = this.#mark;
      if (chosen) marks.remove(chosen);
      changed();
    };
    this.#choice.addEventListener('change', changed);
    this.#byHand.hidden = true;
    this.#chosen = h(
      'div',
      {},
      h(
        'div',
        { class: 'bar' },
        h('label', { for: 'mark-choice' }, words.chosenMark),
        this.#choice,
        h('button', { type: 'button', onclick: remove }, words.removeMark),
        h('button', { type: 'button', onclick: () => void this.#copy() }, words.copy),
        this.#said,
      ),
      this.#waiting,
      this.#table.element,
      this.#byHand,
      h('p', { class: 'quiet' }, words.compareHint),
    );
    this.element = h(
      'section',
      {},
      h('h2', {}, words.marks),
      h('p', { class: 'quiet' }, words.marksHint),
      h(
        'form',
        { class: 'bar', onsubmit: mark },
        h('label', { for: 'mark-name' }, words.markName),
        this.#name,
        h('button', { type: 'submit' }, words.mark),
      ),
      this.#chosen,
    );
  }

  get #mark(): Mark | undefined {
    return this.#options[this.#choice.selectedIndex] ?? this.#options.at(-1);
  }

  update(): void {
    const { all } = this.#marks;
    if (all.length !== this.#options.length || all.some((mark, i) => mark !== this.#options[i])) {
      const isNew = all.at(-1) !== this.#options.at(-1) && all.length >= this.#options.length;
      this.#select(isNew ? all.at(-1) : this.#mark);
    }
    this.#chosen.hidden = all.length === 0;
    const { rows } = this.#compared();
    this.#waiting.hidden = rows.length > 0;
    this.#table.element.hidden = rows.length === 0;
    this.#table.update(rows);
  }

  /** Shows the marks there are now, with this one chosen. */
  #select(chosen: Mark | undefined): void {
    this.#options = this.#marks.all;
    setChildren(
      this.#choice,
      this.#options.map(({ name, at }) => h('option', {}, `${name} (${clock(at)})`)),
    );
    const place = chosen === undefined ? -1 : this.#options.indexOf(chosen);
    this.#choice.selectedIndex = place < 0 ? this.#options.length - 1 : place;
  }

  #compared() {
    const mark = this.#mark;
    const after = mark && this.#marks.after(mark);
    return { mark, after, rows: mark && after ? compare(mark.before, after) : [] };
  }

  async #copy(): Promise<void> {
    const { mark, after, rows } = this.#compared();
    if (mark === undefined || after === undefined) return;
    const text = markdown(this.#service(), mark, after, rows);
    try {
      await navigator.clipboard.writeText(text);
      setText(this.#said, words.copied);
      this.#byHand.hidden = true;
    } catch {
      // Only where the page came over HTTPS, or from this machine, may it write there.
      this.#byHand.value = text;
      this.#byHand.hidden = false;
      this.#byHand.select();
      setText(this.#said, words.copyByHand);
    }
  }
}
