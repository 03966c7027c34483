import { InputError } from '../../input-error.ts';

const DEFAULT_TIMEOUT_MS = 30_000;

export interface TextResponse {
  readonly status: number;
  readonly statusText: string;
  readonly text: string;
}

/**
 * @property authorization  the value of the header
 * @property form           sent as a POST
 * @property timeoutMs      30,000 by default
 */
export interface FetchOptions {
  readonly authorization?: string | undefined;
  readonly form?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
}

/**
 * Fetches a URL as text, whatever its status.
 * @param remedy  for the message: what to do where nothing answers
 * @throws InputError where nothing answers; the reason of the signal where it was aborted
 */
export async function fetchText(url: string, remedy: string, options: FetchOptions = {}): Promise<TextResponse> {
  const { authorization, form, signal, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(url, {
      headers: { ...(authorization !== undefined && { authorization }) },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
    });
    return { status: response.status, statusText: response.statusText, text: await response.text() };
  } catch (error) {
    signal?.throwIfAborted();
    const { origin } = new URL(url);
    const reason = timeout.aborted ? `did not answer within ${timeoutMs / 1000} s` : describeError(error as Error);
    throw new InputError(`${origin} ${reason}; ${remedy}`);
  }
}

/**
 * The message of `fetch` only says that it failed. The reason is in `cause`, or in its `errors` for several addresses.
 */
function describeError(error: Error): string {
  const cause = (error.cause ?? error) as NodeJS.ErrnoException & { errors?: NodeJS.ErrnoException[] };
  const { code = '', message } = cause.errors?.[0] ?? cause;
  if (code === 'ECONNREFUSED') return 'is not reachable: nothing listens there';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'is not reachable: unknown host';
  return `is not reachable: ${message || code}`.replace(/\s+/g, ' ');
}
