import type { PageData } from '../protocol.ts';
import { h, setText } from './dom.ts';
import { duration } from './format.ts';
import { words } from './words.ts';

/** Milliseconds that may be shown. */
export const SPANS = [60_000, 300_000, 1_800_000] as const;

/** Whose page this is, and how much of its time is shown. */
export class HeaderView {
  readonly element: HTMLElement;
  readonly #name = h('h1');
  readonly #facts = h('p', { class: 'quiet' });
  readonly #span = h(
    'select',
    { id: 'span' },
    ...SPANS.map((span) => h('option', { value: String(span) }, words.minutes(span / 60_000))),
  );

  constructor(changed: () => void) {
    this.#span.value = String(SPANS.at(-1));
    this.#span.addEventListener('change', changed);
    const choice = h('div', { class: 'bar' }, h('label', { for: 'span' }, words.span), this.#span);
    this.element = h('header', {}, h('div', {}, this.#name, this.#facts), choice);
  }

  get span(): number {
    return Number(this.#span.value);
  }

  update({ service, uptime }: PageData, running: number | undefined): void {
    setText(this.#name, service.name);
    document.title = `${service.name} · ${words.page}`;
    const facts = [words.up(duration(uptime))];
    if (service.version !== null) facts.unshift(words.version(service.version));
    if (running !== undefined) facts.push(words.processes(running));
    setText(this.#facts, facts.join(' · '));
  }
}
