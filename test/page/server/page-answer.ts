import type { Counters, PageData } from '../../../src/page/protocol.ts';
import type { History } from '../../../src/page/server/history.ts';

export const ORIGIN = { every: 5_000, now: 0, service: { name: 'shop', version: '1' }, uptime: 1, scrape: '/metrics' };

/** What a history tells, as the page reads it. */
export const readAnswer = (history: History, after = ''): PageData =>
  JSON.parse(Buffer.concat(history.pieces(after, ORIGIN)).toString()) as PageData;

/** All slots together: requests by endpoint. */
export function requestsByEndpoint({ endpoints, intervals: slots }: PageData): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { endpoints: rows } of slots) {
    for (const [id, ...tallied] of rows) {
      const [path, method] = endpoints[id] as [string, string];
      found[`${method} ${path}`] = (found[`${method} ${path}`] ?? 0) + requestsOf(tallied);
    }
  }
  return found;
}

const requestsOf = ([requests]: Counters): number => requests;
