import type { IncomingMessage, ServerResponse } from 'node:http';

/** Answers a request. It does not throw. @returns where it takes a while, a promise that does not reject */
export type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

/** The text format that Prometheus negotiates. Prometheus 3 refuses a scrape without a version. */
export const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export function answer(
  response: ServerResponse,
  status: number,
  text: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', ...headers });
  response.end(text);
}

/** Answers after a failure, unless an answer has begun. */
export function answerFailed(response: ServerResponse): void {
  if (response.headersSent) response.destroy();
  else answer(response, 500, 'Failed to collect the metrics; the log of the application has the cause.\n');
}

/** The path of a request target, without its query. */
export function pathOf(request: IncomingMessage): string {
  const url = request.url ?? '';
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}
