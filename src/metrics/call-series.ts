import { OTHER } from '../semconv.ts';
import { CardinalityCap, capHost, capSeries } from './cardinality-cap.ts';
import { type CallLabels, countDuration, createCallTable } from './model.ts';

/** A DNS name is at most this long. An app may call something longer, which is no host. */
const MAX_HOST_CHARS = 253;

/** The outgoing calls of this process. */
export class CallSeries {
  readonly table = createCallTable();
  readonly #bounds: readonly number[];
  readonly #hosts: CardinalityCap;

  /** @param maxHosts distinct hosts; later ones are counted as `other` */
  constructor(bounds: readonly number[], maxHosts: number) {
    this.#bounds = bounds;
    this.#hosts = new CardinalityCap(maxHosts);
  }

  record(call: CallLabels, seconds: number): void {
    const { method, status } = call;
    const known = call.host.length > MAX_HOST_CHARS ? { host: OTHER, method, status } : capHost(call, this.#hosts);
    const series = this.table.find(capSeries(known, this.table), this.#bounds.length + 1);
    series.requests++;
    // Upstream reads a clock that an app may have replaced. A duration that is no number would spoil the sum.
    countDuration(series, this.#bounds, seconds >= 0 ? seconds : 0);
  }
}
