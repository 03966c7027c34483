import { InputError } from '../../input-error.ts';

/** One line of a scrape, without its timestamp: the time of the scrape counts. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const NAME = /[a-zA-Z_:][\w:]*/y;
const LABEL = /\s*(?:([a-zA-Z_]\w*)|"((?:[^"\\]|\\.)*)")\s*=\s*"((?:[^"\\]|\\.)*)"\s*(,?)/y;
/** Prometheus 3 writes a name that is not an identifier between the braces. */
const QUOTED_NAME = /\s*"((?:[^"\\]|\\.)*)"\s*(,|(?=\}))/y;
/** A value, an optional timestamp (milliseconds; seconds in OpenMetrics) and an optional exemplar. */
const REST =
  /[ \t]+([+-]?(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?Inf(?:inity)?|NaN)(?:[ \t]+-?[\d.eE+-]+)?[ \t]*(?:# \{.*)?$/iy;

/**
 * The samples of a scrape in their order. Reads the Prometheus text format and OpenMetrics.
 * @param source  for messages
 * @throws InputError where the text has another format
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function parseExposition(text: string, source: string): Sample[] {
  const samples: Sample[] = [];
  const lines = text.replace(/^\ufeff/, '').split('\n');
  if (text.trim() === '') throw new InputError(`${source} is not a scrape: it is empty; ${EXPECTED_TEXT}`);
  for (const [index, whole] of lines.entries()) {
    const line = whole.trim();
    if (line === '' || line.startsWith('#')) continue;
    const sample = parseLine(line);
    if (!sample) throw new InputError(`${source} is not a scrape: ${describeLine(line, index)}; ${EXPECTED_TEXT}`);
    samples.push(sample);
  }
  return samples;
}

const EXPECTED_TEXT = 'expected the text of /metrics, as apm snapshot saves it';

function describeLine(line: string, index: number): string {
  if (index === 0 && /^<(!doctype|html|\?xml)/i.test(line)) return 'it is HTML';
  if (index === 0 && /^[[{]/.test(line)) return 'it is JSON';
  return `line ${index + 1} is ${JSON.stringify(line.length > 60 ? `${line.slice(0, 60)}...` : line)}`;
}

function parseLine(line: string): Sample | undefined {
  let at = 0;
  const next = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = at;
    const match = pattern.exec(line) ?? undefined;
    if (match) at = pattern.lastIndex;
    return match;
  };
  let name = next(NAME)?.[0];
  const labels: Record<string, string> = {};
  const braces = /[ \t]*\{/y;
  if (next(braces)) {
    if (name === undefined) name = unescapeText(next(QUOTED_NAME)?.[1]);
    for (let label = next(LABEL); label; label = next(LABEL)) {
      labels[label[1] ?? (unescapeText(label[2]) as string)] = unescapeText(label[3]) as string;
      if (label[4] === '') break;
    }
    if (!next(/\s*\}/y)) return undefined;
  }
  const rest = next(REST);
  return name === undefined || !rest ? undefined : { name, labels, value: parseValue(rest[1] as string) };
}

const unescapeText = (text: string | undefined): string | undefined =>
  text?.replace(/\\(.)/gs, (whole, c) => (c === 'n' ? '\n' : c === '\\' || c === '"' ? c : whole));

/** Prometheus writes `+Inf`, which Number() does not parse. */
export const parseValue = (text: string): number => Number(text.replace(/inf(inity)?$/i, 'Infinity'));
