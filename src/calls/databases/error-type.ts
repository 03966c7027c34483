import { OTHER_ERROR_TYPE } from '../../semconv.ts';

/** A code or a class name. Messages may contain values, and are never read. */
const IDENTIFIER = /^\w{1,64}$/;

/**
 * The `error.type` of a failed database call: the code that the database or Node gave, such as `ER_DUP_ENTRY`, `23505` or
 * `ECONNREFUSED`, else the name of the error's class.
 */
export function databaseErrorType(error: unknown): string {
  const { code, name } = (error ?? {}) as { code?: unknown; name?: unknown };
  // Many classes of errors keep the name `Error`.
  const className = error instanceof Error && name === 'Error' ? error.constructor.name : name;
  for (const one of [code, className]) {
    if ((typeof one === 'string' || typeof one === 'number') && IDENTIFIER.test(String(one))) return String(one);
  }
  return OTHER_ERROR_TYPE;
}
