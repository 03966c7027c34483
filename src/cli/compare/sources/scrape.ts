import { VARIABLES } from '../../../config/variables.ts';
import { BadInput } from '../../input-error.ts';
import { parseExposition } from './exposition.ts';
import { askUrl } from './fetch-text.ts';
import type { Stored } from './history.ts';
import { targetOfLabels } from './series-identity.ts';

/**
 * A scrape, read.
 * @property source     what messages call it: a URL, or the path of a file
 * @property time       seconds since 1970
 * @property processes  by the target, what its process calls itself; a new one calls itself otherwise, unless told to
 */
export interface Scrape {
  readonly source: string;
  readonly time: number;
  readonly stored: readonly Stored[];
  readonly processes: ReadonlyMap<string, string | undefined>;
}

/** @throws BadInput where the text is none */
export function scrapeOf(text: string, source: string, time: number): Scrape {
  const samples = parseExposition(text, source);
  const processes = new Map<string, string | undefined>();
  for (const { name, labels } of samples) {
    const target = targetOfLabels(labels);
    const own = name === 'target_info' ? labels.service_instance_id : undefined;
    processes.set(target, own ?? processes.get(target));
  }
  // Before its first request, a process without a resource says nothing at all.
  if (processes.size === 0) processes.set('', undefined);
  return {
    source,
    time,
    processes,
    stored: samples.map(({ name, labels, value }) => ({ name, labels, samples: [[time, value]] })),
  };
}

export interface Scraping {
  readonly token?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds to wait for an answer; 10,000 by default. */
  readonly patience?: number;
}

/**
 * The text of a scrape.
 * @throws BadInput with one line that says what to do
 */
export async function scrapeUrl(url: string, { token, signal, patience = 10_000 }: Scraping = {}): Promise<string> {
  const unreachable = 'start the service with the preload, and give the URL that its line "metrics at ..." says';
  const authorization = token === undefined ? undefined : `Bearer ${token}`;
  const { status, statusText, text } = await askUrl(url, unreachable, { authorization, signal, patience });
  if (status === 401 || status === 403) {
    throw new BadInput(
      token === undefined
        ? `${url} asks for a token; put it into the environment: APM_AUTH_TOKEN=...`
        : `${url} refuses the token in APM_AUTH_TOKEN; give the one that the service has`,
    );
  }
  if (status !== 200) {
    throw new BadInput(
      `${url} answers ${`${status} ${statusText}`.trim()}; give the URL that the service's line "metrics at ..." says`,
    );
  }
  parseExposition(text, url);
  return text;
}

/** Where a metrics server that has this environment has its scrape. */
export function metricsPath(env: NodeJS.ProcessEnv): string {
  const { variable, parse, fallback } = VARIABLES.metricsPath;
  return parse((env[variable] ?? '').trim()) ?? fallback;
}
