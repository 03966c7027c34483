import { setTimeout as wait } from 'node:timers/promises';
import { fetchStatus } from '../../../fetch-status.ts';
import { InputError } from '../../../input-error.ts';
import { fetchScrape, findSource, type ScrapeSource } from '../fetch-scrape.ts';
import { parseScrape, type Scrape, type TextScrape } from '../scrape.ts';
import { parseSnapshot } from '../snapshots/snapshot-document.ts';

/**
 * The metrics of a service that a round started.
 * @property url     of the text, which also has the requests in flight
 * @property source  of the counts, once the service is ready
 * @property signal  aborted at the end of the run, so that no request outlives it
 */
export interface MetricsEndpoint {
  url: string;
  source?: ScrapeSource;
  readonly token: string | undefined;
  /** Of the names of the metrics; empty for none. */
  readonly prefix: string;
  readonly signal: AbortSignal;
}

const DEFAULT_READY_TIMEOUT_SECONDS = 60;
const READY_INTERVAL_MS = 50;
/** Time for requests whose response the load did not wait for. */
const IDLE_TIMEOUT_MS = 2_000;
const IDLE_INTERVAL_MS = 20;
const ACTIVE_REQUESTS = /^http_(server_)?active_requests$/;

/**
 * The counts of a service, as soon as it listens.
 * @param movedTo  the origin of the metrics, where the service could not use its port
 * @throws InputError after the timeout
 */
export async function scrapeWhenReady(
  endpoint: MetricsEndpoint,
  movedTo: () => string | undefined,
  title: string,
  timeoutSeconds = DEFAULT_READY_TIMEOUT_SECONDS,
): Promise<Scrape> {
  const end = performance.now() + timeoutSeconds * 1000;
  for (;;) {
    let reason = 'it does not listen';
    const origin = movedTo();
    if (origin !== undefined) endpoint.url = `${origin}${new URL(endpoint.url).pathname}`;
    try {
      await scrapeText(endpoint);
      if (await isListening(endpoint)) return await readCounts(endpoint);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      reason = error.message.split(';')[0] as string;
    }
    if (performance.now() > end) {
      throw new InputError(
        `${title}: not ready within ${timeoutSeconds} s: ${reason}; the service must listen by then, and its command must keep NODE_OPTIONS and OTEL_EXPORTER_PROMETHEUS_PORT`,
      );
    }
    await wait(READY_INTERVAL_MS, undefined, { signal: endpoint.signal });
  }
}

/** The counts once no request is active: a client may see the end of a response before the server counts it. */
export async function scrapeWhenIdle(endpoint: MetricsEndpoint): Promise<Scrape> {
  const end = performance.now() + IDLE_TIMEOUT_MS;
  for (;;) {
    const { stored } = await scrapeText(endpoint);
    const isActive = stored.some(({ name, samples }) => ACTIVE_REQUESTS.test(name) && Number(samples[0]?.[1] ?? 0) > 0);
    if (!isActive || performance.now() > end) return readCounts(endpoint);
    await wait(IDLE_INTERVAL_MS, undefined, { signal: endpoint.signal });
  }
}

async function scrapeText({ url, token, prefix, signal }: MetricsEndpoint): Promise<TextScrape> {
  return parseScrape(await fetchScrape({ url, kind: 'text' }, { token, signal }), url, Date.now() / 1000, prefix);
}

/** From the snapshot. An earlier version of this package, which a command may preload, has only the text. */
async function readCounts(endpoint: MetricsEndpoint): Promise<Scrape> {
  const { token, signal, url } = endpoint;
  const { origin, pathname } = new URL(url);
  endpoint.source ??= await findSource(origin, pathname, { token, signal });
  const { source } = endpoint;
  if (source.kind === 'text') return scrapeText(endpoint);
  return parseSnapshot(await fetchScrape(source, { token, signal }), source.url);
}

/** The metrics of an app with its own instruments answer before it listens. With workers, only they listen. */
async function isListening({ url, token }: MetricsEndpoint): Promise<boolean> {
  const answer = await fetchStatus({ origin: new URL(url).origin, paths: ['/status'], displayUrl: url }, token);
  if (answer.kind !== 'status') return true;
  const { servers, processes } = answer.status;
  return servers.length > 0 || (processes?.others.length ?? 0) > 0;
}
