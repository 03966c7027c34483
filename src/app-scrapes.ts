import type { IncomingMessage, ServerResponse } from 'node:http';
import { guard, reportFailure } from './base/guard.ts';
import { answer, answerFailed, type Handler } from './expose/scrape/http-handler.ts';
import type { Lifecycle } from './lifecycle.ts';
import type { RequestSeries } from './metrics/request-series.ts';
import { type IgnoredRequests, leaveOut } from './pipeline.ts';
import { recordOf } from './requests/request-record.ts';
import type { UnlinkedScrapes } from './unlinked-scrapes.ts';

export interface AppScrapesOptions {
  readonly lifecycle: Lifecycle;
  /** Has the gauge of requests in flight. */
  readonly requests: RequestSeries;
  readonly ignored: IgnoredRequests;
  readonly unlinkedScrapes: UnlinkedScrapes;
}

/**
 * Scrapes at a route of the app. A handler waits until the outputs are open, throws nothing into the app, and keeps its
 * request out of the metrics.
 * @returns makes the handler of metrics or status
 */
export function createAppScrapes({ lifecycle, requests, ignored, unlinkedScrapes }: AppScrapesOptions) {
  /** @returns called once the scrape is answered */
  const exclude = (request: IncomingMessage, response: ServerResponse): (() => void) => {
    const record = recordOf(response);
    if (record !== undefined) leaveOut(record);
    const { method = '', url = '', socket } = request;
    // Only a web `Request` has no socket.
    if (record !== undefined || socket !== undefined || ignored.paths?.matchesUrl(url, method)) return () => {};
    unlinkedScrapes.expect(method, url);
    const active = requests.activeOf(method);
    // A test of the app may call the handler without a server.
    if (active.requests === 0) return () => {};
    active.requests--;
    return () => {
      active.requests++;
    };
  };

  return (which: 'handler' | 'status'): Handler =>
    async (request, response) => {
      let include = () => {};
      try {
        if (response.headersSent) throw new Error('the app has already sent a response');
        include = exclude(request, response);
        if (lifecycle.isShutDown) return answer(response, 503, 'Measuring has been shut down.\n');
        const opened = await lifecycle.open().catch(() => undefined);
        if (opened === undefined) answer(response, 503, 'Failed to start serving metrics; the log has the cause.\n');
        else await opened[which](request, response);
      } catch (cause) {
        reportFailure('answer a scrape', cause);
        if (!response.headersSent) guard('answer a failed scrape', () => answerFailed(response));
      } finally {
        include();
      }
    };
}
