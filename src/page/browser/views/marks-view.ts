import type { Comparison } from '../../../statistics/model.ts';
import type { Mark } from '../model/mark-storage.ts';
import type { Marks } from '../model/marks.ts';
import { formatTime } from '../text/format.ts';
import { comparisonMarkdown } from '../text/markdown.ts';
import { describeSides } from '../text/outcome.ts';
import { words } from '../text/words.ts';
import { comparisonRows, comparisonTable } from './comparison-table.ts';
import { CopyMarkdown } from './copy-markdown.ts';
import { h, setChildren, setText } from './dom.ts';

const MAX_NAME_CHARS = '60';

/** The marks, and the comparison before and after the selected one. */
export class MarksView {
  readonly element: HTMLElement;
  readonly #marks: Marks;
  readonly #onChange: () => void;
  readonly #name = h('input', { id: 'mark-name', maxlength: MAX_NAME_CHARS, autocomplete: 'off' });
  readonly #select = h('select', { id: 'mark-select' });
  readonly #comparison: HTMLElement;
  /** Of before and after. */
  readonly #sides = [h('p', { class: 'quiet' }), h('p', { class: 'quiet' })] as const;
  readonly #waiting = h('p', { class: 'quiet' }, words.waiting);
  readonly #table = comparisonTable();
  /** The marks in the order of the options. */
  #options: readonly Mark[] = [];

  constructor(marks: Marks, serviceName: () => string, onChange: () => void) {
    this.#marks = marks;
    this.#onChange = onChange;
    this.#select.addEventListener('change', onChange);
    const copy = new CopyMarkdown(() => {
      const [mark, comparison] = [this.#selected, this.#compare()];
      return mark && comparison && comparisonMarkdown(`${serviceName()}: ${mark.name}`, comparison);
    });
    this.#comparison = h(
      'div',
      {},
      h(
        'div',
        { class: 'bar' },
        h('label', { for: 'mark-select' }, words.selectedMark),
        this.#select,
        h('button', { type: 'button', onclick: () => this.#removeMark() }, words.removeMark),
        copy.button,
        copy.status,
      ),
      this.#waiting,
      ...this.#sides,
      this.#table.element,
      copy.field,
      h('p', { class: 'quiet' }, words.compareHint),
    );
    const form = h(
      'form',
      { class: 'bar', onsubmit: (event) => this.#setMark(event) },
      h('label', { for: 'mark-name' }, words.markName),
      this.#name,
      h('button', { type: 'submit' }, words.setMark),
    );
    const hint = h('p', { class: 'quiet' }, words.marksHint);
    this.element = h('section', {}, h('h2', {}, words.marks), hint, form, this.#comparison);
  }

  update(): void {
    const { all } = this.#marks;
    if (all.length !== this.#options.length || all.some((mark, i) => mark !== this.#options[i])) {
      const isAdded = all.at(-1) !== this.#options.at(-1) && all.length >= this.#options.length;
      this.#showOptions(isAdded ? all.at(-1) : this.#selected);
    }
    this.#comparison.hidden = all.length === 0;
    const comparison = this.#compare();
    this.#waiting.hidden = comparison !== undefined;
    const sides = comparison ? describeSides(comparison) : [];
    this.#sides.forEach((element, i) => {
      setText(element, sides[i] ?? '');
    });
    this.#table.element.hidden = comparison === undefined;
    this.#table.update(comparison ? comparisonRows(comparison) : []);
  }

  get #selected(): Mark | undefined {
    return this.#options[this.#select.selectedIndex] ?? this.#options.at(-1);
  }

  #showOptions(selected: Mark | undefined): void {
    this.#options = this.#marks.all;
    setChildren(
      this.#select,
      this.#options.map(({ name, at }) => h('option', {}, `${name} (${formatTime(at)})`)),
    );
    const index = selected === undefined ? -1 : this.#options.indexOf(selected);
    this.#select.selectedIndex = index < 0 ? this.#options.length - 1 : index;
  }

  #setMark(event: Event): void {
    event.preventDefault();
    if (!this.#marks.add(this.#name.value.trim() || words.defaultMarkName(formatTime(Date.now())))) return;
    this.#name.value = '';
    this.#showOptions(this.#marks.all.at(-1));
    this.#onChange();
  }

  #removeMark(): void {
    const selected = this.#selected;
    if (selected) this.#marks.remove(selected);
    this.#onChange();
  }

  #compare(): Comparison | undefined {
    const mark = this.#selected;
    return mark && this.#marks.compare(mark);
  }
}
