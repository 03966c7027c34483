import { log } from '../base/log.ts';
import type { Refusal } from './handshake.ts';
import type { PortHolder } from './port-holder.ts';

/**
 * @property service      of this process
 * @property version      of this process
 * @property refusal      of the leader that has the port
 * @property holder       who has the port; undefined where it is none of ours, or it was not asked; `protected` where it
 *                        is one of ours that requires a token
 * @property unpublished  why the leader's socket could not be published; undefined where it was
 */
export interface PortConflict {
  readonly port: number;
  readonly address: string;
  readonly service: string | undefined;
  readonly version: string | null;
  readonly refusal: Refusal | undefined;
  readonly holder: PortHolder | 'protected' | undefined;
  readonly unpublished: string | undefined;
}

/** `details` name folders, which do not leave the process. */
interface Explanation {
  readonly reason: string;
  readonly details?: string;
  readonly remedy: string;
}

const OTHER_PORT = 'OTEL_EXPORTER_PROMETHEUS_PORT sets a port of its own';
const SAME_GROUP = 'the same APM_GROUP in both merges them';

/** Logs that the metrics are at another port than the wanted one, why, and what to set. Each reason once. */
export class PortNotice {
  #last: string | undefined;

  log(conflict: PortConflict): void {
    const { reason, details, remedy } = explain(conflict);
    const { port, address } = conflict;
    const rest = `metrics at ${address} instead; ${remedy}`;
    const shared = `port ${port} ${reason}: ${rest}`;
    const text = details === undefined ? shared : `port ${port} ${reason} (${details}): ${rest}`;
    if (text !== this.#last) log.warn(text, 'state', shared);
    this.#last = text;
  }
}

function explain(conflict: PortConflict): Explanation {
  const { service, refusal, holder, unpublished } = conflict;
  if (refusal !== undefined) return explainRefusal(refusal, conflict);
  if (holder === undefined && unpublished === undefined) {
    return { reason: 'is in use by another program', remedy: OTHER_PORT };
  }
  if (holder === undefined) {
    const reason = 'is in use, and no folder can be used to find out whether by this service';
    return { reason, ...(unpublished !== undefined && { details: unpublished }), remedy: OTHER_PORT };
  }
  if (holder === 'protected') {
    return {
      reason: 'has the metrics of another process with this package, which requires a token',
      remedy: OTHER_PORT,
    };
  }
  if (holder.service !== service) {
    return {
      reason: `has the metrics of another service, "${holder.service}" (process ${holder.pid})`,
      remedy: OTHER_PORT,
    };
  }
  return {
    reason: `has the metrics of process ${holder.pid} of this service, which shares no folder for sockets with this process or has another OTEL_EXPORTER_PROMETHEUS_HOST`,
    ...(unpublished !== undefined && { details: unpublished }),
    remedy: `to merge them, run both as the same user, with the same host, and set TMPDIR to a folder that both can use; or ${OTHER_PORT}`,
  };
}

function explainRefusal({ difference, pid, version }: Refusal, { port, version: own }: PortConflict): Explanation {
  if (difference === 'script') {
    return {
      reason: `has the metrics of another program of this service (process ${pid})`,
      remedy: `${SAME_GROUP}, else set another OTEL_SERVICE_NAME and OTEL_EXPORTER_PROMETHEUS_PORT for each program`,
    };
  }
  if (difference === 'release') {
    const other =
      version === own ? 'a copy of this program in another folder' : `version ${version ?? '?'} of this program`;
    return {
      reason: `has the metrics of ${other} (process ${pid})`,
      remedy: `they move to port ${port} when that process has exited; ${SAME_GROUP}`,
    };
  }
  if (difference === 'silence') {
    const remedy = `they move to port ${port} when that process has exited, or are merged when it answers`;
    return { reason: 'has the metrics of a process of this service that does not answer', remedy };
  }
  return { reason: 'has the metrics of another process that cannot be merged with this one', remedy: OTHER_PORT };
}
