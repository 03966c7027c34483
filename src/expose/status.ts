import { guard } from '../base/guard.ts';
import { recentWarnings } from '../base/log.ts';
import { OWN_PACKAGE } from '../config/own-package.ts';
import type { Config } from '../config/variables.ts';
import type { ApmStatus, ProcessesStatus, PushStatus, ScrapeStatus } from '../status.ts';
import type { Push } from './push/otlp.ts';
import { requireToken } from './scrape/auth.ts';
import { answer, type Handler } from './scrape/http-handler.ts';

/** The parts of the status that requests and routes provide. */
export type MeasuredStatus = Pick<
  ApmStatus,
  'startedBy' | 'outgoing' | 'context' | 'servers' | 'paths' | 'hiddenFrameworks' | 'adapterFailures' | 'durations'
>;

export interface OutputsState {
  readonly config: Config;
  /** Attributes of the resource. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** The other processes of the service, and the address where all are scraped. */
  readonly group: (ProcessesStatus & { readonly address: string | undefined }) | undefined;
  readonly push: Push | undefined;
}

/** The status of this process. Each field is copied by name, so that no secret of the config or the resource gets out. */
export function buildStatus(
  { startedBy, outgoing, context, servers, paths, hiddenFrameworks, adapterFailures, durations }: MeasuredStatus,
  outputs: OutputsState,
): ApmStatus {
  const { attributes } = outputs;
  return {
    format: 1,
    package: OWN_PACKAGE,
    node: process.versions.node,
    pid: process.pid,
    uptimeSeconds: Math.round(process.uptime()),
    service: describeService(attributes),
    startedBy,
    outgoing,
    context,
    servers,
    paths,
    hiddenFrameworks,
    adapterFailures,
    durations,
    scrape: scrapeStatus(outputs),
    processes: processesStatus(outputs),
    push: pushStatus(outputs),
    warnings: recentWarnings(),
  };
}

/** Name and version of the service. */
export function describeService(attributes: OutputsState['attributes']): ApmStatus['service'] {
  const { 'service.name': name, 'service.version': version } = attributes;
  return { name: String(name), version: version === undefined ? null : String(version) };
}

function scrapeStatus({ config, group }: OutputsState): ScrapeStatus | null {
  const token = config.authToken !== undefined;
  if (config.metricsOnApp !== undefined) {
    return { on: 'app', address: null, path: config.metricsOnApp, token, exposed: false };
  }
  const address = group?.address;
  if (address === undefined) return null;
  return { on: 'metrics server', address, path: config.metricsPath, token, exposed: !isLoopback(config.host) };
}

function processesStatus({ group }: OutputsState): ProcessesStatus | null {
  if (group === undefined) return null;
  const { scrapedBy, others, paths } = group;
  return { scrapedBy, others, paths };
}

function pushStatus({ config, push }: OutputsState): PushStatus | null {
  return push === undefined
    ? null
    : { url: push.shownUrl, everySeconds: config.exportInterval / 1000, ...push.health() };
}

/** Whether only this machine can reach a host. */
export const isLoopback = (host: string): boolean => /^(localhost|127(\.\d+){3}|::1)$/.test(host);

/** Answers with the status as JSON. It requires the same token as a scrape. */
export function createStatusHandler(status: () => ApmStatus, token: string | undefined): Handler {
  return requireToken(token, (request, response) => {
    // An error thrown here would be an uncaught exception of the app.
    const text = guard('build the status', () => `${JSON.stringify(status(), null, 2)}\n`);
    if (text === undefined)
      return answer(response, 500, 'Failed to build the status; the log of the application has the cause.\n');
    answer(response, 200, request.method === 'HEAD' ? '' : text, {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': String(Buffer.byteLength(text)),
      'Cache-Control': 'no-store',
    });
  });
}
