import { setTimeout as wait } from 'node:timers/promises';
import { fetchStatus } from '../../../fetch-status.ts';
import { InputError } from '../../../input-error.ts';
import { fetchScrape, parseScrape, type Scrape } from '../scrape.ts';

/**
 * The metrics of a service that a round started.
 * @property signal  aborted at the end of the run, so that no request outlives it
 */
export interface MetricsEndpoint {
  url: string;
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
 * The first scrape of a service that listens.
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
      const first = await scrape(endpoint);
      if (await isListening(endpoint)) return first;
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

/** A scrape without active requests: a client may see the end of a response before the server counts it. */
export async function scrapeWhenIdle(endpoint: MetricsEndpoint): Promise<Scrape> {
  const end = performance.now() + IDLE_TIMEOUT_MS;
  for (;;) {
    const last = await scrape(endpoint);
    const isActive = last.stored.some(({ name, samples }) => ACTIVE_REQUESTS.test(name) && (samples[0]?.[1] ?? 0) > 0);
    if (!isActive || performance.now() > end) return last;
    await wait(IDLE_INTERVAL_MS, undefined, { signal: endpoint.signal });
  }
}

async function scrape({ url, token, prefix, signal }: MetricsEndpoint): Promise<Scrape> {
  return parseScrape(await fetchScrape(url, { token, signal }), url, Date.now() / 1000, prefix);
}

/** The metrics of an app with its own instruments answer before it listens. With workers, only they listen. */
async function isListening({ url, token }: MetricsEndpoint): Promise<boolean> {
  const answer = await fetchStatus({ origin: new URL(url).origin, paths: ['/status'], displayUrl: url }, token);
  if (answer.kind !== 'status') return true;
  const { servers, processes } = answer.status;
  return servers.length > 0 || (processes?.others.length ?? 0) > 0;
}
