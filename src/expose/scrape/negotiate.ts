/** An entry of a header `Accept`. */
interface Entry {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
  /** 0 to 1. */
  readonly quality: number;
}

/**
 * Whether a client prefers delimited protobuf messages to text. It must name them: wildcards stand for text.
 * @param accept the header of that name
 * @see https://www.rfc-editor.org/rfc/rfc9110#name-accept
 */
export function prefersProtobuf(accept: string | undefined): boolean {
  // Nearly every client does not name them.
  if (!accept?.toLowerCase().includes('protobuf')) return false;
  const entries = accept.split(',').flatMap(parseEntry);
  const protobuf = Math.max(0, ...entries.filter(isProtobuf).map(({ quality }) => quality));
  return protobuf > qualityOfText(entries);
}

/** @returns nothing where it is malformed */
function parseEntry(text: string): Entry[] {
  const [type = '', ...rest] = text.split(';').map((part) => part.trim());
  const pairs = rest.map((part): [string, string] => {
    const [name = '', value = ''] = part.split(/\s*=\s*/, 2);
    return [name.toLowerCase(), value.replace(/^"(.*)"$/, '$1').toLowerCase()];
  });
  const parameters = new Map(pairs);
  const quality = parameters.get('q') ?? '1';
  return /^(0(\.\d*)?|1(\.0*)?)$/.test(quality)
    ? [{ type: type.toLowerCase(), parameters, quality: Number(quality) }]
    : [];
}

const isProtobuf = ({ type, parameters }: Entry): boolean =>
  type === 'application/vnd.google.protobuf' &&
  parameters.get('proto') === 'io.prometheus.client.metricfamily' &&
  parameters.get('encoding') === 'delimited';

/** The most specific entry that includes the text format decides. */
function qualityOfText(entries: readonly Entry[]): number {
  const isText = ({ type, parameters }: Entry) =>
    type === 'text/plain' && ['0.0.4', undefined].includes(parameters.get('version'));
  const levels = [isText, ({ type }: Entry) => type === 'text/*', ({ type }: Entry) => type === '*/*'];
  for (const matches of levels) {
    const qualities = entries.filter(matches).map(({ quality }) => quality);
    if (qualities.length > 0) return Math.max(...qualities);
  }
  return 0;
}
