import type { ActiveRequests } from './model.ts';

/** The gauges of this process's requests in flight. */
export class RequestsInFlight {
  readonly #all: ActiveRequests[] = [];
  #refresh: () => void = () => {};

  add(gauge: ActiveRequests): void {
    this.#all.push(gauge);
  }

  /** As of now. */
  read(): readonly ActiveRequests[] {
    this.#refresh();
    return this.#all;
  }

  /** @param refresh called before each `read`: some requests end without an event */
  refreshWith(refresh: () => void): void {
    this.#refresh = refresh;
  }
}
