import { log } from '../base/log.ts';

/** @property unpublished why the leader's socket could not be published; undefined where it was */
export interface PortConflict {
  readonly port: number;
  readonly address: string;
  readonly isRefused: boolean;
  readonly unpublished: string | undefined;
}

/** Logs that the metrics are at another port than the wanted one, and why. Each reason once. */
export class PortNotice {
  #last: string | undefined;

  log({ port, address, isRefused, unpublished }: PortConflict): void {
    const reason = isRefused
      ? 'has the metrics of another process that cannot be merged with this one'
      : unpublished !== undefined
        ? 'is in use, and no folder can be used to find out whether by this service'
        : 'is in use by another program';
    const rest = `metrics at ${address} instead; OTEL_EXPORTER_PROMETHEUS_PORT sets a port of its own`;
    // The details name folders, which do not leave the process.
    const shared = `port ${port} ${reason}: ${rest}`;
    const text = unpublished === undefined ? shared : `port ${port} ${reason} (${unpublished}): ${rest}`;
    if (text !== this.#last) log.warn(text, 'state', shared);
    this.#last = text;
  }
}
