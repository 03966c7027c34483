import { ERROR_TYPE, METHOD, ROUTE, STATUS_CODE, URL_SCHEME } from '../semconv.ts';

/**
 * Reads the value of a label of a request that has ended: of Node's own `IncomingMessage`, with what middleware has set on
 * it. Over HTTP/2 it is the request of Node's compatibility API; where the app uses streams, an object with `method`, `url`
 * and `headers`. It must return a text at once; an empty one is no label.
 */
// biome-ignore lint/suspicious/noExplicitAny: an app declares the request with the type of its framework.
export type LabelFunction = (request: any) => string | undefined;

/** Where the value of a label comes from: `header:NAME`, `env:NAME`, `value:TEXT`, or in code a function. */
export type LabelSource = string | LabelFunction;

export type LabelSources = Readonly<Record<string, LabelSource>>;

/** Names that our own series, a histogram or Prometheus itself use. */
const RESERVED: readonly string[] = [
  'path',
  'method',
  'status',
  'status_code',
  'details',
  'host',
  'le',
  'quantile',
  'instance',
  'job',
  ...[ROUTE, METHOD, STATUS_CODE, URL_SCHEME, ERROR_TYPE].map((name) => name.replaceAll('.', '_')),
];

/** @see https://prometheus.io/docs/concepts/data_model/#metric-names-and-labels */
export const isLabelName = (name: string): boolean =>
  /^[a-zA-Z_]\w{0,99}$/.test(name) && !name.startsWith('__') && !(name in Object.prototype) && !RESERVED.includes(name);

/** Headers with secrets of users: labels are in every scrape and push. */
const SECRET_HEADER = /^header:(proxy-)?(authorization|cookie)$/i;

/** `header:NAME`, `env:NAME` or `value:TEXT`. @see https://www.rfc-editor.org/rfc/rfc9110#name-tokens */
export const parseLabelSource = (text: string): string | undefined =>
  /^(header:[!#$%&'*+.^_`|~\w-]+|env:\w+|value:.+)$/s.test(text) && !SECRET_HEADER.test(text) ? text : undefined;
