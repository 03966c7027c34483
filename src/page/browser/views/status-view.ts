import type { ConnectionState } from '../connection.ts';
import { formatTime } from '../text/format.ts';
import { words } from '../text/words.ts';
import { h, setText } from './dom.ts';

/** The state of the connection, and a form for the token when the service requires one. */
export class StatusView {
  readonly element: HTMLElement;
  readonly #text = h('p', { role: 'status' }, words.loading);
  readonly #token = h('input', { id: 'token', type: 'password', autocomplete: 'current-password', required: true });
  readonly #error = h('p', { role: 'alert', class: 'bad' });
  readonly #form: HTMLElement;

  constructor(signIn: (token: string) => void) {
    const submit = (event: Event) => {
      event.preventDefault();
      signIn(this.#token.value);
    };
    this.#form = h(
      'form',
      { class: 'sign-in', onsubmit: submit },
      h('p', {}, words.signIn),
      h(
        'div',
        { class: 'bar' },
        h('label', { for: 'token' }, words.token),
        this.#token,
        h('button', { type: 'submit' }, words.signInButton),
      ),
      this.#error,
    );
    this.#form.hidden = true;
    this.element = h('div', { class: 'status' }, this.#text, this.#form);
  }

  update(state: ConnectionState): void {
    const isSignIn = state.kind === 'signIn';
    this.#text.hidden = isSignIn;
    this.#text.className = state.kind;
    setText(this.#text, describeState(state));
    if (isSignIn && this.#form.hidden) queueMicrotask(() => this.#token.focus());
    this.#form.hidden = !isSignIn;
    setText(this.#error, isSignIn && state.isInvalid ? words.invalidToken : '');
    if (!isSignIn) this.#token.value = '';
  }
}

function describeState(state: ConnectionState): string {
  switch (state.kind) {
    case 'live':
      return words.live;
    case 'lost':
      return words.lost(formatTime(state.since));
    case 'failed':
      return words.failed(String(state.status));
    case 'broken':
      return words.broken(state.error);
    case 'outdated':
      return words.outdated;
    case 'signIn':
      return '';
  }
}
