import { guard } from '../base/guard.ts';
import { warnings } from '../base/log.ts';
import { ownPackage } from '../config/own-package.ts';
import type { Config } from '../config/variables.ts';
import type { ApmStatus, ProcessesStatus, PushStatus, ScrapeStatus } from '../status.ts';
import type { Push } from './push/otlp.ts';
import { answer, requireToken } from './scrape/auth.ts';
import type { Handler } from './scrape/on-app.ts';

/** What only the stages before this one know. */
export type Measured = Pick<ApmStatus, 'startedBy' | 'servers' | 'paths' | 'adapterFailures'>;

export interface Ways {
  readonly config: Config;
  /** Of the resource. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Whether the app brings an OpenTelemetry SDK of its own. */
  readonly ownSdk: boolean;
  /** How this process stands among those of its service, and where they are scraped. */
  readonly standing: (ProcessesStatus & { readonly address: string | undefined }) | undefined;
  readonly push: Push | undefined;
}

/** The status of this process. Everything in it is picked: no object of the config or the resource goes out whole. */
export function statusOf({ startedBy, servers, paths, adapterFailures }: Measured, ways: Ways): ApmStatus {
  const { config, attributes, ownSdk } = ways;
  return {
    format: 1,
    package: ownPackage(),
    node: process.versions.node,
    pid: process.pid,
    uptimeSeconds: Math.round(process.uptime()),
    service: serviceOf(attributes),
    startedBy,
    outgoing: !config.outgoing ? 'off' : ownSdk ? 'left to the app' : 'measured',
    servers,
    paths,
    adapterFailures,
    scrape: scrapeStatus(ways),
    processes: processesStatus(ways),
    push: pushStatus(ways),
    warnings: warnings(),
  };
}

/** Name and version, of the resource's attributes. */
export function serviceOf(attributes: Ways['attributes']): ApmStatus['service'] {
  const { 'service.name': name, 'service.version': version } = attributes;
  return { name: String(name), version: version === undefined ? null : String(version) };
}

function scrapeStatus({ config, standing }: Ways): ScrapeStatus | null {
  const token = config.authToken !== undefined;
  if (config.metricsOnApp !== undefined) {
    return { on: 'app', address: null, path: config.metricsOnApp, token, exposed: false };
  }
  const address = standing?.address;
  if (address === undefined) return null;
  return { on: 'metrics server', address, path: config.metricsPath, token, exposed: !isLoopback(config.host) };
}

function processesStatus({ standing }: Ways): ProcessesStatus | null {
  if (standing === undefined) return null;
  const { scrapedBy, others } = standing;
  return { scrapedBy, others };
}

function pushStatus({ config, push }: Ways): PushStatus | null {
  return push === undefined ? null : { url: push.place, everySeconds: config.exportInterval / 1000, ...push.health() };
}

/** Whether only this machine reaches a host. */
export const isLoopback = (host: string): boolean => /^(localhost|127(\.\d+){3}|::1)$/.test(host);

/** Answers with the status as JSON, to whom a scrape is answered. */
export function statusHandler(status: () => ApmStatus, token: string | undefined): Handler {
  return requireToken(token, (request, response) => {
    // Thrown into a server of ours, it would be an uncaught exception of the app.
    const text = guard('say the status', () => `${JSON.stringify(status(), null, 2)}\n`);
    if (text === undefined) return answer(response, 500, 'The status could not be told; the log says why.\n');
    answer(response, 200, request.method === 'HEAD' ? '' : text, {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': String(Buffer.byteLength(text)),
      'Cache-Control': 'no-store',
    });
  });
}
