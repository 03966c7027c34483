import type { PageData } from '../protocol.ts';

export type State =
  | { readonly kind: 'live' }
  | { readonly kind: 'token'; readonly wrong: boolean }
  | { readonly kind: 'lost'; readonly since: number }
  | { readonly kind: 'failed'; readonly why: string };

/** Milliseconds until a lost connection is tried again, and after which an answer is not waited for any more. */
const AGAIN = 2_000;
const PATIENCE = 10_000;
/** Milliseconds that a slot may be late. */
const LATE = 300;
/** The tab's own, gone with it; never in a URL. */
const PLACE = 'apm token';

export interface ConnectionOptions {
  readonly after: () => string;
  readonly told: (data: PageData) => void;
  readonly changed: (state: State) => void;
}

/** Asks the service for what is new, for as long as the page is open. */
export class Connection {
  readonly #options: ConnectionOptions;
  #token = sessionStorage.getItem(PLACE);
  #since: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  signIn(token: string): void {
    this.#token = token;
    void this.ask();
  }

  async ask(): Promise<void> {
    clearTimeout(this.#timer);
    const { changed, told } = this.#options;
    let next = AGAIN;
    try {
      const response = await this.#fetch();
      if (response.status === 401) {
        sessionStorage.removeItem(PLACE);
        return changed({ kind: 'token', wrong: this.#token !== null });
      }
      if (!response.ok) changed({ kind: 'failed', why: String(response.status) });
      else {
        const data = (await response.json()) as PageData;
        if (this.#token !== null) sessionStorage.setItem(PLACE, this.#token);
        this.#since = undefined;
        told(data);
        changed({ kind: 'live' });
        next = untilNext(data);
      }
    } catch {
      this.#since ??= Date.now();
      changed({ kind: 'lost', since: this.#since });
    }
    this.#timer = setTimeout(() => void this.ask(), next);
  }

  #fetch(): Promise<Response> {
    // As text, because a header takes nothing else.
    const headers =
      this.#token === null ? undefined : { Authorization: `Bearer ${this.#token.replace(/[^!-~]/g, '?')}` };
    return fetch(`page/data?after=${encodeURIComponent(this.#options.after())}`, {
      ...(headers && { headers }),
      cache: 'no-store',
      signal: AbortSignal.timeout(PATIENCE),
    });
  }
}

/** Just after the next slot has ended. */
function untilNext({ intervals: slots, now, every }: PageData): number {
  const last = slots.at(-1);
  if (last === undefined) return Math.min(every, AGAIN);
  return Math.min(Math.max(last.at + every + LATE - now, LATE), every);
}
