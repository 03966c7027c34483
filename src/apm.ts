import type { ScrapeHandler } from './expose/scrape/scrape-handler.ts';
import type { ServingListener } from './requests/serving.ts';
import type { ApmStatus } from './status.ts';

/** The running instance. Its members need no `this`: `const { handler } = setupApm()` works. */
export interface Apm {
  /**
   * The metrics as Prometheus text, the same as a scrape. It does not know who asks, so a Prometheus that gets it does not
   * see the first errors of a path: prefer `handler`. Empty where this package is disabled, and after `shutdown`.
   */
  readonly metrics: () => Promise<string>;
  /**
   * The `Content-Type` of a scrape. Prometheus 3 refuses a scrape that is sent with another one, such as the type that a
   * framework gives to a text. For routes that send `metrics()`.
   */
  readonly contentType: string;
  /**
   * Answers a scrape like the metrics server does, on any path and in any framework: pass it as the handler of a route.
   * The request is not counted. It answers 401 without `authToken`, 405 to other methods than GET and HEAD, 503 after
   * `shutdown`, and no metrics where disabled. Where it does not know the framework, it logs how to serve the metrics,
   * and its promise rejects. It returns what the framework needs, so return its result from a handler of your own.
   * @see docs/handler.md for each framework
   */
  readonly handler: ScrapeHandler;
  /**
   * Resolves with the address of the metrics server, such as `http://localhost:9464`, when metrics can be scraped or are
   * pushed. Of several processes that share a port it is the address that serves all of them. Resolves with undefined
   * where there is no such server: by the options, because it failed to open, where disabled, or after `shutdown`. Under
   * the preload it waits until a server of the app listens or answers a request. Never rejects.
   */
  readonly ready: Promise<string | undefined>;
  /** The same as `/status`. Before `ready`, nothing is scraped, merged or pushed yet, so those fields are null. */
  readonly status: () => ApmStatus;
  /** Pushes what is not yet pushed, closes what was opened, and stops measuring. Never rejects. */
  readonly shutdown: () => Promise<void>;
}

/** As `Apm`, for the preload. */
export interface RunningApm extends Apm, ServingListener {
  /** Loads the SDK at once, for instruments that an app creates before it serves. */
  load(): void;
  /** Opens the outputs, as the first server does. */
  open(): void;
  /**
   * Takes the option `ignore` of a call of `setupApm`. It has no variable, so it has an effect under the preload too.
   * @returns whether it has an effect: only the first one has
   */
  ignoreWhere(option: unknown): boolean;
}
