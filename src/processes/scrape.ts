/** One scrape: the exposition in pieces. */
export interface Scrape {
  readonly pieces: readonly Buffer[];
  /** To be called once a client has received all of it: then no other process reports these increments again. */
  acknowledge(): void;
}
