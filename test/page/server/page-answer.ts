import type { Counters, PageData } from '../../../src/page/protocol.ts';
import type { History } from '../../../src/page/server/history.ts';

export const ORIGIN = {
  every: 5_000,
  now: 0,
  service: { name: 'shop', version: '1' },
  uptime: 1,
  scrape: '/metrics',
  slow: 0.5,
};

/** Decodes the answer of a history, as the page does. */
export const readAnswer = (history: History, after = ''): PageData =>
  JSON.parse(Buffer.concat(history.pieces(after, ORIGIN)).toString()) as PageData;

/** The requests of each endpoint, added up over all intervals. */
export function requestsByEndpoint({ endpoints, intervals }: PageData): Record<string, number> {
  const found: Record<string, number> = {};
  for (const { endpoints: rows } of intervals) {
    for (const [id, ...counters] of rows) {
      const [path, method] = endpoints[id] as [string, string];
      found[`${method} ${path}`] = (found[`${method} ${path}`] ?? 0) + requestsOf(counters);
    }
  }
  return found;
}

const requestsOf = ([requests]: Counters): number => requests;
