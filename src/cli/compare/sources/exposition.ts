import { BadInput } from '../../input-error.ts';

/** One line of a scrape. Its own timestamp is left out: what is compared has the time at which it was scraped. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

const NAME = /[a-zA-Z_:][\w:]*/y;
const LABEL = /\s*(?:([a-zA-Z_]\w*)|"((?:[^"\\]|\\.)*)")\s*=\s*"((?:[^"\\]|\\.)*)"\s*(,?)/y;
/** A name that is no identifier stands between the braces, as Prometheus 3 writes it. */
const QUOTED_NAME = /\s*"((?:[^"\\]|\\.)*)"\s*(,|(?=\}))/y;
/** A value, perhaps a timestamp (milliseconds, or in OpenMetrics seconds), perhaps an exemplar. */
const REST =
  /[ \t]+([+-]?(?:\d[\d_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?|[+-]?Inf(?:inity)?|NaN)(?:[ \t]+-?[\d.eE+-]+)?[ \t]*(?:# \{.*)?$/iy;

/**
 * The samples of a scrape, in their order: the Prometheus text format, or OpenMetrics.
 * @param source what messages call it
 * @throws BadInput where it is anything else
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function parseExposition(text: string, source: string): Sample[] {
  const found: Sample[] = [];
  const lines = text.replace(/^\ufeff/, '').split('\n');
  if (text.trim() === '') throw new BadInput(`${source} is not a scrape: it is empty; ${INSTEAD}`);
  for (const [index, whole] of lines.entries()) {
    const line = whole.trim();
    if (line === '' || line.startsWith('#')) continue;
    const sample = parseLine(line);
    if (!sample) throw new BadInput(`${source} is not a scrape: ${what(line, index)}; ${INSTEAD}`);
    found.push(sample);
  }
  return found;
}

const INSTEAD = 'give what /metrics answers, as apm snapshot saves it';

function what(line: string, index: number): string {
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
    if (name === undefined) name = unescaped(next(QUOTED_NAME)?.[1]);
    for (let label = next(LABEL); label; label = next(LABEL)) {
      labels[label[1] ?? (unescaped(label[2]) as string)] = unescaped(label[3]) as string;
      if (label[4] === '') break;
    }
    if (!next(/\s*\}/y)) return undefined;
  }
  const rest = next(REST);
  return name === undefined || !rest ? undefined : { name, labels, value: numberOf(rest[1] as string) };
}

const unescaped = (text: string | undefined): string | undefined =>
  text?.replace(/\\(.)/gs, (whole, c) => (c === 'n' ? '\n' : c === '\\' || c === '"' ? c : whole));

/** Prometheus writes `+Inf`, which Number does not read. */
export const numberOf = (text: string): number => Number(text.replace(/inf(inity)?$/i, 'Infinity'));
