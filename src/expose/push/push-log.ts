import { log } from '../../base/log.ts';
import type { PushStatus } from '../../status.ts';

export type PushHealth = Pick<PushStatus, 'lastSuccess' | 'failingSince' | 'error'>;

export interface PushLog {
  /** To be told how each push ended. */
  pushEnded(error: Error | undefined): void;
  health(): PushHealth;
}

/**
 * Says when pushes begin to fail and when they arrive again: once each, not at every try.
 * @param place   the URL as it may leave the process
 * @param secrets what is left out of the reasons a receiver gives, the longest first
 */
export function createPushLog(place: string, secrets: readonly string[]): PushLog {
  let health: PushHealth = { lastSuccess: null, failingSince: null, error: null };
  return {
    pushEnded(error) {
      const now = new Date().toISOString();
      const { lastSuccess, failingSince } = health;
      if (error === undefined) {
        health = { lastSuccess: now, failingSince: null, error: null };
        if (failingSince !== null) log.info(`metrics reach ${place} again`);
        return;
      }
      const why = explain(error, secrets);
      health = { lastSuccess, failingSince: failingSince ?? now, error: why };
      if (failingSince !== null) return;
      log.warn(`could not push metrics to ${place}: ${why}; trying again at each interval`, 'state');
    },
    health: () => health,
  };
}

/** One line. A name with several addresses fails with an AggregateError, which says nothing but its code. */
function explain(error: Error, secrets: readonly string[]): string {
  const open = (text: string) => secrets.reduce((left, secret) => left.replaceAll(secret, '...'), text);
  const { code, data } = error as { code?: unknown; data?: unknown };
  const said = open(error.message || (code === undefined ? error.name : String(code)));
  // Before it is cut: half of a secret would not be found.
  const why = typeof data === 'string' && readReceiverMessage(open(data));
  return (why ? `${said} (${why})` : said).replace(/\s+/g, ' ').trim();
}

/** What a receiver says of its refusal: of a Status in protobuf its message, else the beginning of the text. */
function readReceiverMessage(body: string): string {
  // Its code, and the kind and length of the message, a byte or two each.
  const text = body.charCodeAt(0) === 8 ? body.slice(4) : body;
  return (/[\x20-\x7e]{4,200}/.exec(text)?.[0] ?? '').trim();
}
