import { BadInput } from '../../input-error.ts';

/** Milliseconds to wait for an answer. */
const PATIENCE = 30_000;

export interface Said {
  readonly status: number;
  readonly statusText: string;
  readonly text: string;
}

/** @property authorization  the header, where there is one */
export interface Asking {
  readonly authorization?: string | undefined;
  /** Sent as a form. */
  readonly form?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds; 30,000 by default. */
  readonly patience?: number;
}

/**
 * What a URL answers, whatever it is.
 * @param unreachable  what to do where nothing answers; part of a sentence
 * @throws BadInput where nothing does, and the signal's reason where that is why
 */
export async function askUrl(url: string, unreachable: string, asking: Asking = {}): Promise<Said> {
  const { authorization, form, signal, patience = PATIENCE } = asking;
  const late = AbortSignal.timeout(patience);
  try {
    const response = await fetch(url, {
      headers: { ...(authorization !== undefined && { authorization }) },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
      signal: signal ? AbortSignal.any([signal, late]) : late,
    });
    return { status: response.status, statusText: response.statusText, text: await response.text() };
  } catch (error) {
    signal?.throwIfAborted();
    const { origin } = new URL(url);
    throw new BadInput(`${origin} ${why(error as Error, late.aborted, patience)}; ${unreachable}`);
  }
}

/** `fetch` says only that it failed; its cause says why, and of a name with several addresses, the causes do. */
function why(error: Error, late: boolean, patience: number): string {
  if (late) return `does not answer within ${patience / 1000} s`;
  const cause = (error.cause ?? error) as NodeJS.ErrnoException & { errors?: NodeJS.ErrnoException[] };
  const { code = '', message } = cause.errors?.[0] ?? cause;
  if (code === 'ECONNREFUSED') return 'is not reachable: nothing listens there';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'is not reachable: there is no host of that name';
  return `is not reachable: ${message || code}`.replace(/\s+/g, ' ');
}
