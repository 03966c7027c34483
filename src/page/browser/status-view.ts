import type { State } from './connection.ts';
import { h, setText } from './dom.ts';
import { clock } from './format.ts';
import { words } from './words.ts';

/** Whether what is shown is live, and a field for the token where one is asked for. */
export class StatusView {
  readonly element: HTMLElement;
  readonly #text = h('p', { role: 'status' }, words.loading);
  readonly #field = h('input', { id: 'token', type: 'password', autocomplete: 'current-password', required: true });
  readonly #wrong = h('p', { role: 'alert', class: 'bad' });
  readonly #form: HTMLElement;

  constructor(signIn: (token: string) => void) {
    const submit = (event: Event) => {
      event.preventDefault();
      signIn(this.#field.value);
    };
    this.#form = h(
      'form',
      { class: 'sign-in', onsubmit: submit },
      h('p', {}, words.signIn),
      h(
        'div',
        { class: 'bar' },
        h('label', { for: 'token' }, words.token),
        this.#field,
        h('button', { type: 'submit' }, words.signInButton),
      ),
      this.#wrong,
    );
    this.#form.hidden = true;
    this.element = h('div', { class: 'status' }, this.#text, this.#form);
  }

  update(state: State): void {
    const isAsking = state.kind === 'token';
    this.#text.hidden = isAsking;
    this.#text.className = state.kind;
    setText(this.#text, said(state));
    if (isAsking && this.#form.hidden) queueMicrotask(() => this.#field.focus());
    this.#form.hidden = !isAsking;
    setText(this.#wrong, isAsking && state.wrong ? words.wrongToken : '');
    if (!isAsking) this.#field.value = '';
  }
}

function said(state: State): string {
  if (state.kind === 'live') return words.live;
  if (state.kind === 'lost') return words.lost(clock(state.since));
  return state.kind === 'failed' ? words.failed(state.why) : '';
}
