import { PAGE_FORMAT, type PageData } from '../protocol.ts';

/**
 * - `signIn`: the service requires a token; `isInvalid` when one was sent
 * - `lost`: no answer since `since`, in milliseconds since 1970
 * - `failed`: answered with an HTTP error
 * - `broken`: answered, but the page could not show it, because of this error
 * - `outdated`: answered in another format, even after the page was reloaded
 */
export type ConnectionState =
  | { readonly kind: 'live' }
  | { readonly kind: 'signIn'; readonly isInvalid: boolean }
  | { readonly kind: 'lost'; readonly since: number }
  | { readonly kind: 'failed'; readonly status: number }
  | { readonly kind: 'broken'; readonly error: string }
  | { readonly kind: 'outdated' };

const RETRY_MS = 2_000;
const TIMEOUT_MS = 10_000;
/** How late an interval may end. */
const INTERVAL_DELAY_MS = 300;
/** In `sessionStorage`, which is private to the tab and ends with it. The token is never part of a URL. */
const TOKEN_KEY = 'apm token';
/** In `sessionStorage`: the format for which this tab was reloaded. */
const RELOADED_KEY = 'apm reloaded for format';

export interface ConnectionOptions {
  readonly cursor: () => string;
  readonly onData: (data: PageData) => void;
  readonly onState: (state: ConnectionState) => void;
}

/** Polls the service as long as the page is open. */
export class Connection {
  readonly #options: ConnectionOptions;
  #token = sessionStorage.getItem(TOKEN_KEY);
  #lostSince: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  signIn(token: string): void {
    this.#token = token;
    void this.poll();
  }

  async poll(): Promise<void> {
    clearTimeout(this.#timer);
    const { onState } = this.#options;
    let delay = RETRY_MS;
    try {
      const response = await this.#fetch();
      if (response.status === 401) {
        sessionStorage.removeItem(TOKEN_KEY);
        return onState({ kind: 'signIn', isInvalid: this.#token !== null });
      }
      if (!response.ok) onState({ kind: 'failed', status: response.status });
      else delay = this.#receive(await response.json());
    } catch {
      this.#lostSince ??= Date.now();
      onState({ kind: 'lost', since: this.#lostSince });
    }
    this.#timer = setTimeout(() => void this.poll(), delay);
  }

  /** @returns milliseconds until the next poll */
  #receive(data: PageData): number {
    if (this.#token !== null) sessionStorage.setItem(TOKEN_KEY, this.#token);
    this.#lostSince = undefined;
    if (data.format !== PAGE_FORMAT) {
      if (!reloadOnce(data)) this.#options.onState({ kind: 'outdated' });
      return RETRY_MS;
    }
    sessionStorage.removeItem(RELOADED_KEY);
    const { onData, onState } = this.#options;
    try {
      onData(data);
      onState({ kind: 'live' });
    } catch (cause) {
      // A fault of the page, and not of the connection.
      reportError(cause);
      onState({ kind: 'broken', error: String(cause) });
      return RETRY_MS;
    }
    return untilNextInterval(data);
  }

  #fetch(): Promise<Response> {
    // A header accepts only printable ASCII.
    const headers =
      this.#token === null ? undefined : { Authorization: `Bearer ${this.#token.replace(/[^!-~]/g, '?')}` };
    return fetch(`page/data?after=${encodeURIComponent(this.#options.cursor())}`, {
      ...(headers && { headers }),
      cache: 'no-store',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  }
}

/**
 * The service was updated: loads its version of the page.
 * @returns false when that has been tried: a cache still answers with this version
 */
function reloadOnce({ format }: { readonly format: number }): boolean {
  if (sessionStorage.getItem(RELOADED_KEY) === String(format)) return false;
  sessionStorage.setItem(RELOADED_KEY, String(format));
  location.reload();
  return true;
}

/** Until just after the end of the next interval. */
function untilNextInterval({ intervals, now, every }: PageData): number {
  const last = intervals.at(-1);
  if (last === undefined) return Math.min(every, RETRY_MS);
  return Math.min(Math.max(last.at + every + INTERVAL_DELAY_MS - now, INTERVAL_DELAY_MS), every);
}
