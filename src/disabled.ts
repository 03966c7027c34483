import type { RunningApm } from './apm.ts';
import { lazy } from './base/lazy.ts';
import { recentWarnings } from './base/log.ts';
import { OWN_PACKAGE } from './config/own-package.ts';
import { createAppHandler } from './expose/scrape/app-handler.ts';
import { answer, CONTENT_TYPE, type Handler } from './expose/scrape/http-handler.ts';
import type { ApmStatus } from './status.ts';

const scrapeHandler = lazy<typeof import('./expose/scrape/handler.ts')>(() => require('./expose/scrape/handler.js'));

export interface DisabledOptions {
  readonly startedBy: ApmStatus['startedBy'];
  readonly service: ApmStatus['service'];
  readonly maxPaths: number;
}

/**
 * The instance where nothing is measured: disabled, on a Node that is not supported, or where the rest of this package
 * failed to load. Each member still works, so that the app needs no condition: a scrape has no metrics, and the status has
 * no servers, scrape and push. This file needs few others at its start, because others may be what failed to load.
 */
export function createDisabledApm({ startedBy, service, maxPaths }: DisabledOptions): RunningApm {
  let handle: Handler | undefined;
  return {
    metrics: async () => '',
    contentType: CONTENT_TYPE,
    handler: createAppHandler((request, response) => {
      try {
        handle =
          handle || scrapeHandler().createScrapeHandler(async () => ({ pieces: [], acknowledge() {} }), undefined);
        return handle(request, response);
      } catch {
        if (!response.headersSent) answer(response, 503, 'Failed to load this package.\n');
      }
    }),
    ready: Promise.resolve(undefined),
    status: () => ({
      format: 1,
      package: OWN_PACKAGE,
      node: process.versions.node,
      pid: process.pid,
      uptimeSeconds: Math.round(process.uptime()),
      service,
      startedBy,
      outgoing: 'off',
      context: 'off',
      servers: [],
      paths: { distinct: 0, guessed: 0, crowded: [], max: maxPaths, capped: false },
      hiddenFrameworks: [],
      adapterFailures: [],
      durations: null,
      scrape: null,
      processes: null,
      push: null,
      warnings: recentWarnings(),
    }),
    shutdown: async () => {},
    load() {},
    open() {},
    serverListens() {},
    requestArrives() {},
    ignoreWhere: () => true,
  };
}
