import { VARIABLES } from '../../../config/variables.ts';
import { InputError } from '../../input-error.ts';
import { parseExposition } from './exposition.ts';
import { fetchText } from './fetch-text.ts';
import { type StoredSeries, withoutPrefix } from './history.ts';
import { targetKey } from './series-identity.ts';

/**
 * A parsed scrape.
 * @property source     for messages: a URL or the path of a file
 * @property time       seconds since 1970
 * @property processes  by target, the process's own id (`service.instance.id`); a restarted process has another, unless
 *                      it is configured
 */
export interface Scrape {
  readonly source: string;
  readonly time: number;
  readonly stored: readonly StoredSeries[];
  readonly processes: ReadonlyMap<string, string | undefined>;
}

/**
 * @param prefix  of the names of our metrics; the scrape has only these, without it
 * @throws InputError where the text is not a scrape
 */
export function parseScrape(text: string, source: string, time: number, prefix = ''): Scrape {
  const samples = parseExposition(text, source);
  const processes = new Map<string, string | undefined>();
  for (const { name, labels } of samples) {
    const target = targetKey(labels);
    const instanceId = name === 'target_info' ? labels.service_instance_id : undefined;
    processes.set(target, instanceId ?? processes.get(target));
  }
  // Before its first request, a process without a resource has no series at all.
  if (processes.size === 0) processes.set('', undefined);
  return {
    source,
    time,
    processes,
    stored: withoutPrefix(
      samples.map(({ name, labels, value }) => ({ name, labels, samples: [[time, value]] })),
      prefix,
    ),
  };
}

const DEFAULT_SCRAPE_TIMEOUT_MS = 10_000;

/** @property timeoutMs  10,000 by default */
export interface ScrapeRequest {
  readonly token?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
}

const GIVE_LOGGED_URL = 'give the URL that the service logs: "metrics at ..."';

/**
 * The text of a scrape.
 * @throws InputError where there is none
 */
export async function fetchScrape(url: string, request: ScrapeRequest = {}): Promise<string> {
  const { token, signal, timeoutMs = DEFAULT_SCRAPE_TIMEOUT_MS } = request;
  const remedy = `start the service with the preload, and ${GIVE_LOGGED_URL}`;
  const authorization = token === undefined ? undefined : `Bearer ${token}`;
  const { status, statusText, text } = await fetchText(url, remedy, { authorization, signal, timeoutMs });
  if (status === 401 || status === 403) {
    throw new InputError(
      token === undefined
        ? `${url} requires a bearer token; set it in the environment: APM_AUTH_TOKEN=...`
        : `${url} refuses the token in APM_AUTH_TOKEN; use the token of the service`,
    );
  }
  if (status !== 200) throw new InputError(`${url} answers ${`${status} ${statusText}`.trim()}; ${GIVE_LOGGED_URL}`);
  parseExposition(text, url);
  return text;
}

/** The path of the scrape on a metrics server with this environment. */
export function metricsPath(env: NodeJS.ProcessEnv): string {
  const { variable, parse, fallback } = VARIABLES.metricsPath;
  return parse((env[variable] ?? '').trim()) ?? fallback;
}
