import { ON_CODE, ON_UNSEEN, OTHER } from '../../../semconv.ts';
import type { SpentOn } from '../model/time-spent.ts';
import { formatPercent, formatSeconds, NO_NUMBER } from '../text/format.ts';
import { words } from '../text/words.ts';
import { h, setChildren, setText } from './dom.ts';

/** Our own values, in words. */
const EXPLAINED: ReadonlyMap<string, { readonly name: string; readonly hint: string }> = new Map([
  [ON_CODE, { name: words.spentOnCode, hint: words.spentOnCodeHint }],
  [ON_UNSEEN, { name: words.spentUnseen, hint: words.spentUnseenHint }],
  [OTHER, { name: words.spentOnOthers, hint: words.spentOnOthersHint }],
]);

/** Where the time of an endpoint goes, as a table with bars; how to see it, where it is not known. */
export class TimeSpentView {
  readonly element: HTMLElement;
  readonly #hint = h('p', { class: 'quiet' }, words.timeSpentOff);
  readonly #slow = h('th', { scope: 'col', title: words.slowTimeHint });
  readonly #body = h('tbody');
  readonly #table: HTMLElement;

  constructor() {
    const columns = [words.spentOn, words.share, words.perRequest].map((name) => h('th', { scope: 'col' }, name));
    const head = h('thead', {}, h('tr', {}, ...columns, this.#slow));
    const caption = h('caption', { title: words.timeSpentHint }, words.timeSpent);
    this.#table = h('table', { class: 'time-spent' }, caption, head, this.#body);
    this.element = h('div', {}, this.#hint, this.#table);
  }

  /** @param slowSeconds longer requests are slow; null where it is not known what requests wait for */
  update(rows: readonly SpentOn[], slowSeconds: number | null): void {
    // What another process told before a restart is still shown.
    this.#table.hidden = rows.length === 0;
    this.#hint.hidden = rows.length > 0 || slowSeconds !== null;
    if (slowSeconds !== null) setText(this.#slow, words.slowTime(formatSeconds(slowSeconds)));
    setChildren(this.#body, rows.map(rowElement));
  }
}

function rowElement({ on, share, perRequest, slowShare }: SpentOn): HTMLElement {
  const { name, hint } = EXPLAINED.get(on) ?? { name: on, hint: '' };
  const bar = h('i', { class: 'bar-fill' });
  bar.style.width = `${100 * share}%`;
  return h(
    'tr',
    { title: hint },
    h('th', { scope: 'row' }, name),
    h('td', { class: 'filled' }, bar, h('span', {}, formatPercent(share))),
    h('td', {}, perRequest === undefined ? NO_NUMBER : formatSeconds(perRequest)),
    h('td', {}, slowShare === undefined ? NO_NUMBER : formatPercent(slowShare)),
  );
}
