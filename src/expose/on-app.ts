import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AnyServer } from '../requests/record.ts';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Answers the scrape on a server of the app, before its own listeners. No listener can keep a request from the others,
 * so the server's `emit` is what is asked first; only where this way out was chosen.
 * @returns leaves that path to the app again
 */
export function answerOnApp(server: AnyServer, path: string, handler: Handler): () => void {
  const target = server as Server;
  const emit = target.emit;
  let answering = true;
  target.emit = function (this: Server, event: string | symbol, ...args: unknown[]): boolean {
    if (answering && event === 'request' && pathOf(args[0] as IncomingMessage) === path) {
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
