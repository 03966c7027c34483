import type { OutgoingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { CLIENT_CLOSED_REQUEST } from '../semconv.ts';
import type { CallOutcome } from './request-record.ts';

/** Not gRPC-Web, whose status is in the body. */
const GRPC_TYPE = /^application\/grpc($|[+; ])/;

export const isGrpc = (contentType: unknown): boolean =>
  typeof contentType === 'string' && contentType.startsWith('application/grpc') && GRPC_TYPE.test(contentType);

/**
 * The HTTP status of each gRPC status code, as gRPC's documentation maps them.
 * @see https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto
 */
const HTTP_STATUS: readonly number[] = [
  200, // OK
  CLIENT_CLOSED_REQUEST, // CANCELLED
  500, // UNKNOWN
  400, // INVALID_ARGUMENT
  504, // DEADLINE_EXCEEDED
  404, // NOT_FOUND
  409, // ALREADY_EXISTS
  403, // PERMISSION_DENIED
  429, // RESOURCE_EXHAUSTED
  400, // FAILED_PRECONDITION
  409, // ABORTED
  400, // OUT_OF_RANGE
  501, // UNIMPLEMENTED
  500, // INTERNAL
  503, // UNAVAILABLE
  500, // DATA_LOSS
  401, // UNAUTHENTICATED
];

const UNIMPLEMENTED = 12;
/** Statuses with which a server may refuse a call before it looks for the method: denied, not authenticated. */
const REFUSALS: ReadonlySet<number> = new Set([7, 16]);

/** An error code of HTTP/2: the server gave up on the stream. */
const INTERNAL_ERROR = 2;

/** @param headers what the server sent; undefined where it sent none */
export function callOutcome(stream: ServerHttp2Stream, headers: OutgoingHttpHeaders | undefined): CallOutcome {
  // An answer that is only an error has its status in the header, any other one in the trailers.
  const sent = headers?.['grpc-status'] ?? stream.sentTrailers?.['grpc-status'];
  if (sent !== undefined) {
    const code = Number(sent);
    return {
      status: HTTP_STATUS[code] ?? 500,
      isCut: false,
      showsMethod: code !== UNIMPLEMENTED && !REFUSALS.has(code),
    };
  }
  const hasBegun = headers !== undefined;
  if (stream.rstCode === INTERNAL_ERROR) return { status: 500, isCut: false, showsMethod: hasBegun };
  return { status: CLIENT_CLOSED_REQUEST, isCut: hasBegun, showsMethod: hasBegun };
}
