import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';

type NodeRequest = IncomingMessage | Http2ServerRequest;
type NodeResponse = ServerResponse | Http2ServerResponse;

/**
 * A handler that each framework can call the way it calls the handlers of its routes. The types name only what is read,
 * so that they need no types of a framework.
 */
export interface ScrapeHandler {
  /** Hono, h3 version 2, SvelteKit, and others whose argument has a web `Request`. */
  (
    context: { readonly req: Request | { readonly raw: Request } } | { readonly request: Request },
    next?: unknown,
  ): Promise<Response>;
  /** Koa: the context. h3 version 1: the event. */
  (
    context:
      | { readonly res: NodeResponse; respond?: boolean | undefined }
      | { readonly node: { readonly res: NodeResponse } },
    next?: unknown,
  ): Promise<void>;
  /** hapi. */
  (
    request: { readonly raw: { readonly req: IncomingMessage; readonly res: ServerResponse } },
    toolkit: { readonly abandon: symbol },
  ): Promise<symbol>;
  /** Fastify, and Nest on Fastify. */
  (request: { readonly raw: NodeRequest }, reply: { readonly raw: NodeResponse; hijack(): unknown }): void;
  /** A web `Request`: route handlers of Next.js, Bun, Deno. */
  (request: Request, context?: unknown): Promise<Response>;
  /** `node:http`, `node:http2`, Express, connect, Polka, restify, Nest on Express, API routes of Next.js. */
  (request: NodeRequest, response: NodeResponse, next?: unknown): void;
}
