import { OTHER_ERROR_TYPE } from '../semconv.ts';

/**
 * The `error.type` of a failed call: the error's code, such as `ECONNREFUSED`, else its name. Never its message, which may
 * have a key or a value.
 */
export function errorType(error: unknown): string {
  try {
    // What aborts a call may be anything.
    const { code, name } = Object(error) as { code?: unknown; name?: unknown };
    if (typeof code === 'string' && code !== '') return code;
    return typeof name === 'string' && name !== '' ? name : OTHER_ERROR_TYPE;
  } catch {
    return OTHER_ERROR_TYPE;
  }
}
