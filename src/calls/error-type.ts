import { OTHER_ERROR_TYPE } from '../semconv.ts';

/** A code, or the name of a class. Anything else may be a sentence with a key or a value in it. */
const IDENTIFIER = /^\w{1,64}$/;

/**
 * The `error.type` of a failed call: the error's code, such as `ECONNREFUSED`, else its name. Never its message, which may
 * have a key or a value.
 */
export function errorType(error: unknown): string {
  try {
    // What aborts a call may be anything.
    const { code, name } = Object(error) as { code?: unknown; name?: unknown };
    if (isIdentifier(code)) return code;
    // Many classes of errors keep the name `Error`.
    const className = error instanceof Error && name === 'Error' ? error.constructor.name : name;
    return isIdentifier(className) ? className : OTHER_ERROR_TYPE;
  } catch {
    return OTHER_ERROR_TYPE;
  }
}

const isIdentifier = (value: unknown): value is string => typeof value === 'string' && IDENTIFIER.test(value);
