import { BadInput } from '../../../input-error.ts';
import { numberOf } from '../exposition.ts';
import { askUrl } from '../fetch-text.ts';
import type { Stored } from '../history.ts';

/** Prometheus could have answered, had it been asked for less. */
export class TooMuch extends BadInput {
  override name = 'TooMuch';
}

interface Answer<T> {
  readonly status?: string;
  readonly data?: T;
  readonly error?: string;
}

/** What is asked of one Prometheus, or of what speaks its HTTP API. @see https://prometheus.io/docs/prometheus/latest/querying/api/ */
export class PrometheusApi {
  /** As people read it, without what it is asked with. */
  readonly shown: string;
  readonly #base: string;
  readonly #authorization: string | undefined;
  readonly #signal: AbortSignal | undefined;

  /**
   * @param given  its URL, perhaps with a path, perhaps with user and password
   * @param token  sent as `Authorization: Bearer`
   * @throws an Error with one line where it is no URL
   */
  constructor(given: string, token: string | undefined, signal?: AbortSignal) {
    const text = /^[\w.-]+:\d+(\/|$)/.test(given) ? `http://${given}` : given;
    if (!/^https?:\/\/./i.test(text) || !URL.canParse(text)) {
      throw new Error(
        `--prometheus: expected a URL such as http://localhost:9090; got ${JSON.stringify(given.replace(/^.*@/, '...@'))}`,
      );
    }
    const { origin, pathname, username, password } = new URL(text);
    this.#base = this.shown = `${origin}${pathname.replace(/\/+$/, '')}`;
    this.#authorization = bearer(token) ?? (username === '' ? undefined : basic(username, password));
    this.#signal = signal;
  }

  /** The samples as they are stored, of so many milliseconds until a time, in milliseconds since 1970. */
  async stored(selector: string, length: number, until: number): Promise<Stored[]> {
    type Matrix = { result: { metric: Record<string, string>; values: [number, string][] }[] };
    const query = `${selector}[${length}ms]`;
    const { result } = await this.#ask<Matrix>('query', { query, time: (until / 1000).toFixed(3) });
    return this.#expected(() =>
      result.map(({ metric: { __name__: name = '', ...labels }, values }) => ({
        name,
        labels,
        samples: values.map(([time, value]) => [time, numberOf(value)] as const),
      })),
    );
  }

  /** What an expression is at a time, in seconds since 1970, of its first series; undefined where it has none. */
  async value(query: string, at: number): Promise<number | undefined> {
    type Vector = { result: { value: [number, string] }[] };
    const { result } = await this.#ask<Vector>('query', { query, time: at.toFixed(3) });
    return this.#expected(() => result[0] && numberOf(result[0].value[1]));
  }

  /** The values of a label on what a selector matches. */
  async labelValues(label: string, selector: string, from: number, to: number): Promise<string[]> {
    const values = await this.#ask<string[]>(`label/${label}/values`, {
      'match[]': selector,
      start: String(from),
      end: String(to),
    });
    return this.#expected(() => values.sort());
  }

  /** @throws BadInput where what was answered is not what it should be, as of a proxy or of another service */
  #expected<T>(read: () => T): T {
    try {
      return read();
    } catch {
      throw new BadInput(
        `${this.shown} is no Prometheus: it answers something else than its HTTP API does; give the URL that Prometheus is at`,
      );
    }
  }

  async #ask<T>(path: string, parameters: Record<string, string>): Promise<T> {
    const isQuery = path === 'query';
    // An expression may be longer than a URL; what is not one is only asked for by GET.
    const url = `${this.#base}/api/v1/${path}${isQuery ? '' : `?${new URLSearchParams(parameters)}`}`;
    const said = await askUrl(url, 'give the URL that Prometheus is at: --prometheus http://localhost:9090', {
      authorization: this.#authorization,
      signal: this.#signal,
      // It gives up by itself after two minutes.
      patience: 150_000,
      ...(isQuery && { form: parameters }),
    });
    const answer = parsed<T>(said.text);
    if (answer?.status === 'success' && typeof answer.data === 'object' && answer.data !== null) return answer.data;
    if (said.status === 401 || said.status === 403) {
      throw new BadInput(
        `${this.shown} refuses who asks (${said.status}); APM_PROMETHEUS_TOKEN has a bearer token, or the URL a user: http://USER:PASSWORD@...`,
      );
    }
    if (typeof answer?.error === 'string') {
      const message = `${this.shown} says: ${answer.error.replace(/\s+/g, ' ')}`;
      if (/too many samples|timed out|too large|exceeded/i.test(message)) {
        throw new TooMuch(`${message}; ask for less: --job, --path, or a shorter range`);
      }
      throw new BadInput(message);
    }
    const status = `${said.status} ${said.statusText}`.trim();
    if (said.status >= 500 || said.status === 429) {
      throw new BadInput(`${this.shown} answers ${status}; try again when it is well, or ask for less: --job, --path`);
    }
    throw new BadInput(
      `${this.shown} is no Prometheus: it answers ${status} at /api/v1/${path}; give the URL without a path, or with the prefix that it has`,
    );
  }
}

/** @throws an Error that does not say the token */
function bearer(given: string | undefined): string | undefined {
  const token = given?.trim();
  if (!token) return undefined;
  if (!/^[\x21-\x7e]+$/.test(token)) throw new Error('APM_PROMETHEUS_TOKEN: expected a bearer token, without blanks');
  return `Bearer ${token}`;
}

function basic(username: string, password: string): string {
  let user: string;
  try {
    user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  } catch {
    throw new Error('--prometheus: expected user and password percent-encoded; a percent sign is %25');
  }
  return `Basic ${Buffer.from(user).toString('base64')}`;
}

function parsed<T>(text: string): Answer<T> | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
