import { words } from '../text/words.ts';
import { h, setText } from './dom.ts';

/** A button that copies a text, and a text field where the browser does not allow that. */
export class CopyMarkdown {
  readonly button: HTMLElement;
  readonly status = h('span', { role: 'status' });
  readonly field = h('textarea', { rows: '8', readonly: true, hidden: true, 'aria-label': words.copyByHand });

  /** @param text undefined when there is nothing to copy */
  constructor(text: () => string | undefined) {
    const onclick = () => {
      const markdown = text();
      if (markdown !== undefined) void this.#copy(markdown);
    };
    this.button = h('button', { type: 'button', onclick }, words.copy);
  }

  async #copy(text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      setText(this.status, words.copied);
      this.field.hidden = true;
    } catch {
      // Browsers allow it only over HTTPS and on localhost.
      this.field.value = text;
      this.field.hidden = false;
      this.field.select();
      setText(this.status, words.copyByHand);
    }
  }
}
