import type { OutgoingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { httpStatusOfGrpc } from '../base/grpc.ts';
import { CLIENT_CLOSED_REQUEST } from '../semconv.ts';
import type { CallOutcome } from './request-record.ts';

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
      status: httpStatusOfGrpc(code),
      isCut: false,
      showsMethod: code !== UNIMPLEMENTED && !REFUSALS.has(code),
    };
  }
  const hasBegun = headers !== undefined;
  if (stream.rstCode === INTERNAL_ERROR) return { status: 500, isCut: false, showsMethod: hasBegun };
  return { status: CLIENT_CLOSED_REQUEST, isCut: hasBegun, showsMethod: hasBegun };
}
