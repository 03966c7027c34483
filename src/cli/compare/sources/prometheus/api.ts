import { InputError } from '../../../input-error.ts';
import { hideCredentials } from '../../../target.ts';
import { parseValue } from '../exposition.ts';
import { fetchText } from '../fetch-text.ts';
import type { StoredSeries } from '../history.ts';
import { type NativeAnswer, parseNativeHistogram } from './native-histogram.ts';

/** Prometheus would answer a smaller query. */
export class QueryTooLarge extends InputError {
  override name = 'QueryTooLarge';
}

/** Longer than the query timeout of Prometheus, two minutes. */
const QUERY_TIMEOUT_MS = 150_000;

interface Answer<T> {
  readonly status?: string;
  readonly data?: T;
  readonly error?: string;
}

/**
 * The HTTP API of a Prometheus server, or of a compatible one.
 * @see https://prometheus.io/docs/prometheus/latest/querying/api/
 */
export class PrometheusApi {
  /** For messages, without credentials. */
  readonly displayUrl: string;
  readonly #base: string;
  readonly #authorization: string | undefined;
  readonly #signal: AbortSignal | undefined;

  /**
   * @param url    with or without a path, a user and a password
   * @param token  sent as `Authorization: Bearer`
   * @throws an Error with one line where an argument is invalid
   */
  constructor(url: string, token: string | undefined, signal?: AbortSignal) {
    const text = /^[\w.-]+:\d+(\/|$)/.test(url) ? `http://${url}` : url;
    if (!/^https?:\/\/./i.test(text) || !URL.canParse(text)) {
      throw new Error(
        `--prometheus: expected a URL such as http://localhost:9090; got ${JSON.stringify(hideCredentials(url))}`,
      );
    }
    const { origin, pathname, username, password } = new URL(text);
    this.#base = this.displayUrl = `${origin}${pathname.replace(/\/+$/, '')}`;
    this.#authorization =
      bearerAuthorization(token) ?? (username === '' ? undefined : basicAuthorization(username, password));
    this.#signal = signal;
  }

  /** The stored samples of a stretch of time. @param end  milliseconds since 1970 */
  async querySamples(selector: string, lengthMs: number, end: number): Promise<StoredSeries[]> {
    type Values<T> = readonly (readonly [time: number, value: T])[];
    type Matrix = {
      result: { metric: Record<string, string>; values?: Values<string>; histograms?: Values<NativeAnswer> }[];
    };
    const query = `${selector}[${lengthMs}ms]`;
    const { result } = await this.#request<Matrix>('query', { query, time: (end / 1000).toFixed(3) });
    return this.#decode(() =>
      result.map(({ metric: { __name__: name = '', ...labels }, values = [], histograms = [] }) => ({
        name,
        labels,
        samples: [
          ...values.map(([time, value]) => [time, parseValue(value)] as const),
          ...histograms.map(([time, value]) => [time, parseNativeHistogram(value)] as const),
        ],
      })),
    );
  }

  /** The value of an expression, of its first series; undefined without a series. @param time  seconds since 1970 */
  async queryValue(query: string, time: number): Promise<number | undefined> {
    type Vector = { result: { value: [number, string] }[] };
    const { result } = await this.#request<Vector>('query', { query, time: time.toFixed(3) });
    return this.#decode(() => result[0] && parseValue(result[0].value[1]));
  }

  /** The values of a label on the series that a selector matches. */
  async queryLabelValues(label: string, selector: string, from: number, to: number): Promise<string[]> {
    const values = await this.#request<string[]>(`label/${label}/values`, {
      'match[]': selector,
      start: String(from),
      end: String(to),
    });
    return this.#decode(() => values.sort());
  }

  /** @throws InputError where the answer has another shape, as from a proxy or another service */
  #decode<T>(read: () => T): T {
    try {
      return read();
    } catch (cause) {
      if (cause instanceof InputError) throw cause;
      throw new InputError(
        `${this.displayUrl} is not Prometheus: its answer does not fit the HTTP API; give the URL of Prometheus`,
      );
    }
  }

  async #request<T>(path: string, parameters: Record<string, string>): Promise<T> {
    const isQuery = path === 'query';
    // A query may be too long for a URL. The other endpoints accept only GET.
    const url = `${this.#base}/api/v1/${path}${isQuery ? '' : `?${new URLSearchParams(parameters)}`}`;
    const response = await fetchText(url, 'give the URL of Prometheus: --prometheus http://localhost:9090', {
      authorization: this.#authorization,
      signal: this.#signal,
      timeoutMs: QUERY_TIMEOUT_MS,
      ...(isQuery && { form: parameters }),
    });
    const answer = parseAnswer<T>(response.text);
    if (answer?.status === 'success' && typeof answer.data === 'object' && answer.data !== null) return answer.data;
    if (response.status === 401 || response.status === 403) {
      throw new InputError(
        `${this.displayUrl} requires valid credentials (${response.status}); set APM_PROMETHEUS_TOKEN, or put them into the URL: http://USER:PASSWORD@...`,
      );
    }
    if (typeof answer?.error === 'string') {
      const message = `${this.displayUrl} answers: ${answer.error.replace(/\s+/g, ' ')}`;
      if (/too many samples|timed out|too large|exceeded/i.test(message)) {
        throw new QueryTooLarge(`${message}; ask for less: --job, --path, or a shorter range`);
      }
      throw new InputError(message);
    }
    const status = `${response.status} ${response.statusText}`.trim();
    if (response.status >= 500 || response.status === 429) {
      throw new InputError(`${this.displayUrl} answers ${status}; try again later, or ask for less: --job, --path`);
    }
    throw new InputError(
      `${this.displayUrl} is not Prometheus: it answers ${status} at /api/v1/${path}; give its URL, with a path only where it has a prefix`,
    );
  }
}

/** @throws an Error that does not contain the token */
function bearerAuthorization(token: string | undefined): string | undefined {
  const trimmed = token?.trim();
  if (!trimmed) return undefined;
  if (!/^[\x21-\x7e]+$/.test(trimmed)) throw new Error('APM_PROMETHEUS_TOKEN: expected a bearer token without blanks');
  return `Bearer ${trimmed}`;
}

function basicAuthorization(username: string, password: string): string {
  let credentials: string;
  try {
    credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  } catch {
    throw new Error('--prometheus: expected a percent-encoded user and password; a percent sign is %25');
  }
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}

function parseAnswer<T>(text: string): Answer<T> | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
