import { errorType } from '../error-type.ts';

/** The `error.type` of a failed database call. Some databases have numbers as codes, such as `11000` of MongoDB. */
export function databaseErrorType(error: unknown): string {
  const { code } = Object(error) as { code?: unknown };
  // The number of a DOMException says less than its name.
  return typeof code === 'number' && !(error instanceof DOMException) ? String(code) : errorType(error);
}
