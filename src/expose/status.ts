import { guard } from '../base/guard.ts';
import { recentWarnings } from '../base/log.ts';
import { readOwnPackage } from '../config/own-package.ts';
import type { Config } from '../config/variables.ts';
import type { ApmStatus, ProcessesStatus, PushStatus, ScrapeStatus } from '../status.ts';
import type { Push } from './push/otlp.ts';
import { answer, requireToken } from './scrape/auth.ts';
import type { Handler } from './scrape/on-app.ts';

/** What only the stages before this one know. */
export type Measured = Pick<ApmStatus, 'startedBy' | 'servers' | 'paths'>;

export interface Outputs {
  readonly config: Config;
  /** Of the resource. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Whether the app brings an OpenTelemetry SDK of its own. */
  readonly ownSdk: boolean;
  /** How this process stands among those of its service, and where they are scraped. */
  readonly group: (ProcessesStatus & { readonly address: string | undefined }) | undefined;
  readonly push: Push | undefined;
}

/** The status of this process. Everything in it is picked: no object of the config or the resource goes out whole. */
export function buildStatus({ startedBy, servers, paths }: Measured, ways: Outputs): ApmStatus {
  const { config, attributes, ownSdk } = ways;
  return {
    format: 1,
    package: readOwnPackage(),
    node: process.versions.node,
    pid: process.pid,
    uptimeSeconds: Math.round(process.uptime()),
    service: describeService(attributes),
    startedBy,
    outgoing: !config.outgoing ? 'off' : ownSdk ? 'left to the app' : 'measured',
    servers,
    paths,
    scrape: scrapeStatus(ways),
    processes: processesStatus(ways),
    push: pushStatus(ways),
    warnings: recentWarnings(),
  };
}

/** Name and version, of the resource's attributes. */
export function describeService(attributes: Outputs['attributes']): ApmStatus['service'] {
  const { 'service.name': name, 'service.version': version } = attributes;
  return { name: String(name), version: version === undefined ? null : String(version) };
}

function scrapeStatus({ config, group: standing }: Outputs): ScrapeStatus | null {
  const token = config.authToken !== undefined;
  if (config.metricsOnApp !== undefined) {
    return { on: 'app', address: null, path: config.metricsOnApp, token, exposed: false };
  }
  const address = standing?.address;
  if (address === undefined) return null;
  return { on: 'metrics server', address, path: config.metricsPath, token, exposed: !isLoopback(config.host) };
}

function processesStatus({ group: standing }: Outputs): ProcessesStatus | null {
  if (standing === undefined) return null;
  const { scrapedBy, others } = standing;
  return { scrapedBy, others };
}

function pushStatus({ config, push }: Outputs): PushStatus | null {
  return push === undefined
    ? null
    : { url: push.shownUrl, everySeconds: config.exportInterval / 1000, ...push.health() };
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
