import { BadInput } from '../bad-input.ts';
import { askUrl } from './ask-url.ts';
import { numberOf } from './exposition.ts';
import type { Stored } from './history.ts';

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
    const basic = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    this.#authorization =
      token !== undefined
        ? `Bearer ${token}`
        : username === ''
          ? undefined
          : `Basic ${Buffer.from(basic).toString('base64')}`;
    this.#signal = signal;
  }

  /** The samples as they are stored, of so many milliseconds until a time, in milliseconds since 1970. */
  async stored(selector: string, length: number, until: number): Promise<Stored[]> {
    type Matrix = { result: { metric: Record<string, string>; values: [number, string][] }[] };
    const query = `${selector}[${length}ms]`;
    const { result } = await this.#ask<Matrix>('query', { query, time: (until / 1000).toFixed(3) });
    return result.map(({ metric: { __name__: name = '', ...labels }, values }) => ({
      name,
      labels,
      samples: values.map(([time, value]) => [time, numberOf(value)] as const),
    }));
  }

  /** What an expression is at a time, in seconds since 1970, of its first series; undefined where it has none. */
  async value(query: string, at: number): Promise<number | undefined> {
    type Vector = { result: { value: [number, string] }[] };
    const { result } = await this.#ask<Vector>('query', { query, time: at.toFixed(3) });
    return result[0] && numberOf(result[0].value[1]);
  }

  /** The values of a label on what a selector matches. */
  async labelValues(label: string, selector: string, from: number, to: number): Promise<string[]> {
    const values = await this.#ask<string[]>(`label/${label}/values`, {
      'match[]': selector,
      start: String(from),
      end: String(to),
    });
    return values.sort();
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
    if (answer?.status === 'success' && answer.data !== undefined) return answer.data;
    if (said.status === 401 || said.status === 403) {
      throw new BadInput(
        `${this.shown} refuses who asks (${said.status}); APM_PROMETHEUS_TOKEN has a bearer token, or the URL a user: http://USER:PASSWORD@...`,
      );
    }
    if (answer?.error !== undefined) {
      const message = `${this.shown} says: ${answer.error.replace(/\s+/g, ' ')}`;
      if (/too many samples|timed out|too large|exceeded/i.test(message)) {
        throw new TooMuch(`${message}; ask for less: --job, --path, or a shorter range`);
      }
      throw new BadInput(message);
    }
    throw new BadInput(
      `${this.shown} is no Prometheus: it answers ${`${said.status} ${said.statusText}`.trim()} at /api/v1/${path}; give the URL without a path, or with the prefix that it has`,
    );
  }
}

function parsed<T>(text: string): Answer<T> | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
