import type { ServerResponse } from 'node:http';
import { recordOf, setRecord } from '../../requests/request-record.ts';
import type { Handler } from './http-handler.ts';
import { createWebExchange, type WebRequest } from './web-exchange.ts';

/**
 * A call of a handler by a framework, as a call with Node's request and response.
 * @property result  what the framework must get from its handler, whose answer is complete once `answered` resolves
 */
export interface HandlerCall {
  readonly request: Parameters<Handler>[0];
  readonly response: ServerResponse;
  result(answered: Promise<void>): unknown;
}

/** The properties by which frameworks are recognised. Nothing else is read of what they pass. */
interface Argument {
  readonly raw?: Argument;
  readonly req?: Argument;
  readonly res?: Argument;
  readonly node?: Argument;
  readonly request?: Argument;
  readonly env?: { readonly outgoing?: Argument } | null;
  readonly runtime?: { readonly node?: Argument };
  readonly hijack?: unknown;
  readonly abandon?: unknown;
  readonly writeHead?: unknown;
  readonly end?: unknown;
  readonly headers?: unknown;
  respond?: boolean;
}

type Adapter = (first: Argument, second: Argument | undefined) => HandlerCall | undefined;

/** How each kind of framework calls a handler. The first one that recognises its arguments takes the call. */
const ADAPTERS: readonly Adapter[] = [
  // node:http, node:http2, Express, connect, Polka, restify, API routes of Next.js.
  (request, response) => (isResponse(response) ? nodeCall(request, response) : undefined),
  // Fastify.
  (request, reply) => {
    if (!isResponse(reply?.raw) || typeof reply.hijack !== 'function') return undefined;
    reply.hijack();
    return { ...nodeCall(request.raw, reply.raw), result: () => {} };
  },
  // hapi.
  (request, toolkit) => {
    const response = request.raw?.res;
    if (!isResponse(response) || typeof toolkit?.abandon !== 'symbol') return undefined;
    return { ...nodeCall(request.raw?.req, response), result: (answered) => answered.then(() => toolkit.abandon) };
  },
  // A web `Request`, or a context with one: Hono, h3 version 2, SvelteKit, route handlers of Next.js.
  (context) => {
    const web = [context.req?.raw, context.req, context.request, context].find(isWebRequest);
    return web && webCall(web, context.env?.outgoing ?? (web as Argument).runtime?.node?.res);
  },
  // h3 version 1.
  ({ node }) => (isResponse(node?.res) ? nodeCall(node.req, node.res) : undefined),
  // Koa sends its own response unless `respond` is false.
  (context) => {
    if (!isResponse(context.res)) return undefined;
    context.respond = false;
    return nodeCall(context.req, context.res);
  },
];

/** Recognises how a framework calls a handler. @returns undefined where it is not known */
export function recogniseCall(first: unknown, second: unknown): HandlerCall | undefined {
  if (typeof first !== 'object' || first === null) return undefined;
  for (const adapt of ADAPTERS) {
    const call = adapt(first as Argument, (second ?? undefined) as Argument | undefined);
    if (call !== undefined) return call;
  }
  return undefined;
}

/** A framework that waits for its handler waits until the answer is complete. */
const nodeCall = (request: unknown, response: ServerResponse): HandlerCall => ({
  request: request as HandlerCall['request'],
  response,
  result: (answered) => answered,
});

/** @param nodeResponse Node's response, where the framework has one: its request is the one that is not counted */
function webCall(web: WebRequest, nodeResponse: unknown): HandlerCall {
  const { request, response, answer } = createWebExchange(web);
  if (isResponse(nodeResponse)) setRecord(response, recordOf(nodeResponse));
  return { request, response, result: () => answer };
}

function isResponse(value: unknown): value is ServerResponse {
  const { writeHead, end } = (value ?? {}) as Argument;
  return typeof writeHead === 'function' && typeof end === 'function';
}

/** By its members, because some frameworks have a class of their own. */
function isWebRequest(value: unknown): value is WebRequest {
  const { method, url, headers } = (value ?? {}) as Partial<WebRequest>;
  return typeof method === 'string' && typeof url === 'string' && typeof headers?.get === 'function';
}
