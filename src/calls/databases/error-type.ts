import { OTHER_ERROR_TYPE } from '../../semconv.ts';

/** A code or a class name. Messages may contain values, and are never read. */
const IDENTIFIER = /^\w{1,64}$/;

/**
 * The `error.type` of a failed database call: the code that the database or Node gave, such as `ER_DUP_ENTRY`, `23505` or
 * `ECONNREFUSED`, else the name of the error's class.
 */
export function databaseErrorType(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  for (const one of [code, name]) {
    if ((typeof one === 'string' || typeof one === 'number') && IDENTIFIER.test(String(one))) return String(one);
  }
  return OTHER_ERROR_TYPE;
}
