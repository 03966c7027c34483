import { VARIABLES } from '../../../config/variables.ts';
import { SNAPSHOT_PATH } from '../../../snapshot.ts';
import { InputError } from '../../input-error.ts';
import { parseExposition } from './exposition.ts';
import { fetchText, type TextResponse } from './fetch-text.ts';
import { parseScrape, type Scrape, type ScrapeKind } from './scrape.ts';
import { isSnapshot, parseSnapshot } from './snapshots/snapshot-document.ts';

const DEFAULT_SCRAPE_TIMEOUT_MS = 10_000;

/** @property timeoutMs  10,000 by default */
export interface ScrapeRequest {
  readonly token?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
}

/** Where processes tell what they have counted, and as what. */
export interface ScrapeSource {
  readonly url: string;
  readonly kind: ScrapeKind;
}

const GIVE_LOGGED_URL = 'give the URL that the service logs: "metrics at ..."';

/**
 * The text of a scrape, or a snapshot.
 * @throws InputError where there is none
 */
export async function fetchScrape({ url, kind }: ScrapeSource, request: ScrapeRequest = {}): Promise<string> {
  const { status, statusText, text } = await get(url, request);
  if (status === 401 || status === 403) {
    throw new InputError(
      request.token === undefined
        ? `${url} requires a bearer token; set it in the environment: APM_AUTH_TOKEN=...`
        : `${url} refuses the token in APM_AUTH_TOKEN; use the token of the service`,
    );
  }
  if (status !== 200) throw new InputError(`${url} answers ${`${status} ${statusText}`.trim()}; ${GIVE_LOGGED_URL}`);
  if (kind === 'json') parseSnapshot(text, url);
  else parseExposition(text, url);
  return text;
}

/** What `fetchScrape` gave, read. */
export const readScrape = (text: string, { url, kind }: ScrapeSource): Scrape =>
  kind === 'json' ? parseSnapshot(text, url) : parseScrape(text, url, Date.now() / 1000);

/**
 * The best source of a metrics server: its snapshots, or the text of the scrape where it has none, such as an earlier
 * version of this package, or another program.
 * @param origin      scheme, host and port
 * @param scrapePath  of the text
 * @throws InputError where nothing answers
 */
export async function findSource(origin: string, scrapePath: string, request: ScrapeRequest): Promise<ScrapeSource> {
  for (const path of [SNAPSHOT_PATH, scrapePath.replace(/\/$/, '') + SNAPSHOT_PATH]) {
    const url = origin + path;
    if (await hasSnapshot(url, request)) return { url, kind: 'json' };
  }
  return { url: origin + scrapePath, kind: 'text' };
}

/** @throws InputError where nothing answers */
export async function hasSnapshot(url: string, request: ScrapeRequest): Promise<boolean> {
  const { status, text } = await get(url, request);
  return status === 200 && isSnapshot(text);
}

function get(url: string, request: ScrapeRequest): Promise<TextResponse> {
  const { token, signal, timeoutMs = DEFAULT_SCRAPE_TIMEOUT_MS } = request;
  const authorization = token === undefined ? undefined : `Bearer ${token}`;
  const remedy = `start the service with the preload, and ${GIVE_LOGGED_URL}`;
  return fetchText(url, remedy, { authorization, signal, timeoutMs });
}

/** The path of the scrape on a metrics server with this environment. */
export function metricsPath(env: NodeJS.ProcessEnv): string {
  const { variable, parse, fallback } = VARIABLES.metricsPath;
  return parse((env[variable] ?? '').trim()) ?? fallback;
}
