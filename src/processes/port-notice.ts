import { log } from '../base/log.ts';

/** Says that the metrics are not at the port they were wanted at, and why; each reason once. */
export class PortNotice {
  /** Why there is no folder to meet in. */
  nowhere: string | undefined;
  #said: string | undefined;

  /** @param alone whether this process cannot be found by others */
  say(port: number, address: string, found: 'refused' | 'nobody', alone: boolean): void {
    const nowhere = alone ? this.nowhere : undefined;
    const why =
      found === 'refused'
        ? 'has the metrics of another process'
        : nowhere !== undefined
          ? 'is in use, and no folder can be used to find out whether by this service'
          : 'is in use by another program';
    const rest = `metrics at ${address} instead; OTEL_EXPORTER_PROMETHEUS_PORT sets a port of its own`;
    const shared = `port ${port} ${why}: ${rest}`;
    const text = nowhere === undefined ? shared : `port ${port} ${why} (${nowhere}): ${rest}`;
    if (text !== this.#said) log.warn(text, 'state', shared);
    this.#said = text;
  }
}
