import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AnyServer } from '../../requests/request-record.ts';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Where the status is on the metrics server. */
export const STATUS_PATH = '/status';
/** Where it is there too, and on the app's own port: below the scrape. */
export const statusBelow = (path: string): string => `${path.replace(/\/$/, '')}${STATUS_PATH}`;

/**
 * Answers the scrape, and what goes with it, on a server of the app, before its own listeners. No listener can keep a
 * request from the others, so the server's `emit` is what is asked first; only where this way out was chosen.
 * @param handlers by path
 * @returns leaves those paths to the app again
 */
export function answerOnApp(server: AnyServer, handlers: ReadonlyMap<string, Handler>): () => void {
  const target = server as Server;
  const emit = target.emit;
  let answering = true;
  target.emit = function (this: Server, event: string | symbol, ...args: unknown[]): boolean {
    const handler = answering && event === 'request' && handlers.get(pathOf(args[0] as IncomingMessage));
    if (handler) {
      handler(args[0] as IncomingMessage, args[1] as ServerResponse);
      return true;
    }
    return Reflect.apply(emit, this, [event, ...args]);
  };
  return () => {
    answering = false;
  };
}

export function pathOf(request: IncomingMessage): string {
  const url = request.url ?? '';
  const query = url.indexOf('?');
  return query < 0 ? url : url.slice(0, query);
}
