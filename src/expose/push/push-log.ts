import { isoTime } from '../../base/iso-time.ts';
import { log } from '../../base/log.ts';
import type { PushStatus } from '../../status.ts';

export type PushHealth = Pick<PushStatus, 'lastSuccess' | 'failingSince' | 'error'>;

export interface PushLog {
  /** @param error undefined where the push arrived */
  pushEnded(error: Error | undefined): void;
  health(): PushHealth;
}

/**
 * Logs when pushes start to fail and when they succeed again: once each, not at every attempt.
 * @param shownUrl    without credentials
 * @param hideSecrets removes credentials from the error messages of a receiver
 */
export function createPushLog(shownUrl: string, hideSecrets: (text: string) => string): PushLog {
  let health: PushHealth = { lastSuccess: null, failingSince: null, error: null };
  return {
    pushEnded(error) {
      const now = isoTime(Date.now());
      const { lastSuccess, failingSince } = health;
      if (error === undefined) {
        health = { lastSuccess: now, failingSince: null, error: null };
        if (failingSince !== null) log.info(`pushes to ${shownUrl} succeed again`);
        return;
      }
      const why = explain(error, hideSecrets);
      health = { lastSuccess, failingSince: failingSince ?? now, error: why };
      if (failingSince !== null) return;
      log.warn(`failed to push metrics to ${shownUrl}: ${why}; retrying at each interval`, 'state');
    },
    health: () => health,
  };
}

/** The cause in one line. A host with several addresses fails with an AggregateError that has a code and no message. */
function explain(error: Error, hideSecrets: (text: string) => string): string {
  const { code, data } = error as { code?: unknown; data?: unknown };
  const message = hideSecrets(error.message || (code === undefined ? error.name : String(code)));
  // Secrets are removed before the text is cut: a part of a secret would not be found.
  const detail = typeof data === 'string' && readReceiverMessage(hideSecrets(data));
  return (detail ? `${message} (${detail})` : message).replace(/\s+/g, ' ').trim();
}

/** The message in the body of a refusal: that of a protobuf Status, else the beginning of the text. */
function readReceiverMessage(body: string): string {
  // A Status starts with its code, then the type and length of its message: four bytes together.
  const text = body.charCodeAt(0) === 8 ? body.slice(4) : body;
  return (/[\x20-\x7e]{4,200}/.exec(text)?.[0] ?? '').trim();
}
