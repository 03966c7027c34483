import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AnyServer } from '../../requests/request-record.ts';
import { type Handler, pathOf } from './http-handler.ts';

/** The path of the status on the metrics server. */
export const STATUS_PATH = '/status';
/** The path of an answer below that of the scrape: on the app's own port, and on the metrics server too. */
export const below = (scrapePath: string, path: string): string => `${scrapePath.replace(/\/$/, '')}${path}`;

/**
 * Answers the scrape and the status on a server of the app, before the app's own listeners. A listener cannot keep a
 * request from the other listeners, so this wraps the server's `emit`; only where `APM_METRICS_ON_APP` asks for it.
 * @param handlers by path
 * @returns returns those paths to the app
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
