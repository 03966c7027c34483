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
  499, // CANCELLED
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

/** The HTTP status of a gRPC status code; 500 for an unknown code. */
export const httpStatusOfGrpc = (code: number): number => HTTP_STATUS[code] ?? 500;
