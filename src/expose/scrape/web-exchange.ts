import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { PassThrough } from 'node:stream';
import { ReadableStream } from 'node:stream/web';

/** The parts of a web `Request` that are read. */
export interface WebRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Headers;
}

/** A web request, and the response that its handler writes, as the handlers of scrapes expect both. */
export interface WebExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** What the handler writes, as soon as it has written the header. */
  readonly answer: Promise<Response>;
}

/** Lets a handler for Node's request and response answer a web `Request`. The body is streamed. */
export function createWebExchange({ method, url, headers }: WebRequest): WebExchange {
  const { pathname, search } = new URL(url, 'http://localhost');
  const request = { method, url: pathname + search, headers: Object.fromEntries(headers) };
  const response = new WebResponse();
  // The handlers read and write nothing else of both.
  return {
    request: request as unknown as IncomingMessage,
    response: response as unknown as ServerResponse,
    answer: response.answer,
  };
}

class WebResponse extends PassThrough {
  headersSent = false;
  #resolve: (response: Response) => void = () => {};
  readonly answer = new Promise<Response>((resolve) => {
    this.#resolve = resolve;
  });

  writeHead(status: number, headers: OutgoingHttpHeaders = {}): this {
    this.headersSent = true;
    const pairs = Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]);
    // Not `Readable.toWeb`: up to Node 24 it throws an uncaught error where a framework cancels the body at once, because
    // the client has left already. The two declarations of a web stream, of Node and of `fetch`, do not match.
    this.#resolve(
      new Response(ReadableStream.from(this) as unknown as globalThis.ReadableStream, { status, headers: pairs }),
    );
    return this;
  }
}
