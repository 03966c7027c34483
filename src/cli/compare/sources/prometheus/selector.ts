import { BadInput } from '../../../input-error.ts';
import { VOCABULARIES, type Vocabulary } from '../series-identity.ts';
import type { TimeRange } from '../time-range.ts';
import type { PrometheusApi } from './api.ts';

/** What is looked at, by exact values; undefined: all. */
export interface Selection {
  readonly job?: string | undefined;
  readonly method?: string | undefined;
  readonly path?: string | undefined;
}

/** The selectors of what is looked at, in each naming that the range has. */
export interface Selected {
  /** Everything that is counted up, and `target_info`: a process that nobody has called yet has nothing else. */
  readonly all: readonly string[];
  /** One series of each histogram. */
  readonly one: readonly string[];
}

/**
 * @throws BadInput where the range has nothing of ours, or nothing that is selected
 */
export async function select(
  api: PrometheusApi,
  selection: Selection,
  ranges: readonly TimeRange[],
): Promise<Selected> {
  const from = Math.min(...ranges.map((range) => range.from));
  const to = Math.max(...ranges.map((range) => range.to));
  const found: Vocabulary[] = [];
  for (const words of VOCABULARIES) {
    if ((await names(api, selectorOf(words, selection), from, to)).length > 0) found.push(words);
  }
  if (found.length === 0) throw await nothing(api, selection, from, to);
  return {
    all: [targetInfo(selection), ...found.map((words) => selectorOf(words, selection))],
    one: found.map((words) => of(`${words.duration}_count`, words, selection)),
  };
}

/** The processes themselves. @param more  matchers */
export const targetInfo = ({ job }: Selection, ...more: string[]): string =>
  `target_info{${[...(job === undefined ? [] : [`job=${JSON.stringify(job)}`]), ...more].join(',')}}`;

const names = (api: PrometheusApi, selector: string, from: number, to: number) =>
  api.labelValues('__name__', selector, from, to);

const selectorOf = (words: Vocabulary, selection: Selection) =>
  of(`${words.duration}_(?:bucket|sum)|${words.requests}`, words, selection);

function of(name: string, words: Vocabulary, { job, method, path }: Selection): string {
  const matchers = [`__name__=~${JSON.stringify(name)}`];
  const values = [['job', job] as const, [words.method, method] as const, [words.path, path] as const];
  for (const [label, value] of values) if (value !== undefined) matchers.push(`${label}=${JSON.stringify(value)}`);
  return `{${matchers.join(',')}}`;
}

/** Why nothing matches, and what would. */
async function nothing(api: PrometheusApi, selection: Selection, from: number, to: number): Promise<BadInput> {
  const during = `from ${iso(from)} to ${iso(to)}`;
  const given = Object.entries(selection).filter(([, value]) => value !== undefined);
  for (const words of VOCABULARIES) {
    const all = selectorOf(words, {});
    if ((await names(api, all, from, to)).length === 0) continue;
    // The first that has no such value; or each has, but no series has all of them.
    for (const [option, value] of given) {
      const label = { job: 'job', method: words.method, path: words.path }[option] as string;
      const there = await api.labelValues(label, all, from, to);
      if (there.includes(value as string)) continue;
      const some = there.slice(0, 10).join(', ') + (there.length > 10 ? ', ...' : '');
      return new BadInput(`no series has --${option} ${JSON.stringify(value)} ${during}; there is: ${some}`);
    }
    const shown = given.map(([option, value]) => `--${option} ${JSON.stringify(value)}`).join(' ');
    return new BadInput(`no series has ${shown} ${during}; leave one of them out`);
  }
  return new BadInput(
    `${api.shown} has neither http_duration nor http_server_request_duration ${during}; see that it scrapes the service, and that the times are right`,
  );
}

/** A time as people read it. */
export const iso = (seconds: number): string => new Date(seconds * 1000).toISOString().replace(/\.000Z$/, 'Z');
