import type { LabelChoice } from '../model/label-choice.ts';
import { words } from '../text/words.ts';
import { h, setChildren } from './dom.ts';

/** One label of the app's own: its select, and the values that are its options after the first, which is any value. */
interface Filter {
  readonly name: string;
  readonly select: HTMLSelectElement;
  values: readonly string[];
}

/** A select for each label of the app's own. */
export class LabelFilters {
  readonly element = h('div', { class: 'bar', hidden: true });
  readonly #onChange: () => void;
  readonly #selects = h('div', { class: 'bar' });
  #filters: readonly Filter[] = [];

  constructor(onChange: () => void) {
    this.#onChange = onChange;
    this.element.append(this.#selects, h('span', { class: 'quiet' }, words.labelHint));
  }

  get choice(): LabelChoice {
    return this.#filters.map(({ select, values }) => values[select.selectedIndex - 1]);
  }

  /** @param values of each label, sorted */
  update(names: readonly string[], values: readonly (readonly string[])[]): void {
    this.element.hidden = names.length === 0;
    if (names.join() !== this.#filters.map(({ name }) => name).join()) this.#create(names);
    this.#filters.forEach((filter, i) => {
      showValues(filter, values[i] ?? []);
    });
  }

  #create(names: readonly string[]): void {
    this.#filters = names.map((name, i) => ({
      name,
      values: [],
      select: h('select', { id: `label-${i}`, onchange: () => this.#onChange() }),
    }));
    setChildren(
      this.#selects,
      this.#filters.flatMap(({ name, select }) => [h('label', { for: select.id }, name), select]),
    );
  }
}

/** A chosen value stays, also where no request of the time range has it. */
function showValues(filter: Filter, found: readonly string[]): void {
  const { select } = filter;
  const chosen = filter.values[select.selectedIndex - 1];
  const values = chosen === undefined || found.includes(chosen) ? found : [chosen, ...found];
  if (select.options.length > 0 && values.join('\0') === filter.values.join('\0')) return;
  filter.values = values;
  const options = values.map((value) => h('option', {}, value === '' ? words.noLabel : value));
  setChildren(select, [h('option', {}, words.anyLabel), ...options]);
  select.selectedIndex = chosen === undefined ? 0 : values.indexOf(chosen) + 1;
}
