import { reportFailure } from './base/guard.ts';
import { log } from './base/log.ts';
import { clearTimeout, setImmediate, setTimeout } from './base/timers.ts';
import type { Outputs } from './outputs.ts';

export interface LifecycleOptions {
  /** The loaders of the packages that `create` needs, called one by one. */
  readonly packages: readonly (() => unknown)[];
  /** Creates the outputs. Called once. */
  readonly create: () => Outputs;
}

/** Longest time a shutdown waits for outputs that are still being opened: once open, their shutdown exports the last counts. */
const OPEN_TIMEOUT_MS = 1_000;

/** Loads the SDK, one package per turn of the event loop, opens the outputs and shuts them down. */
export class Lifecycle {
  readonly #options: LifecycleOptions;
  #created: Outputs | undefined;
  #resolveReady: (address: string | undefined) => void = () => {};
  /** The address of the metrics server; undefined where there is none. Never rejects. */
  readonly ready = new Promise<string | undefined>((resolve) => {
    this.#resolveReady = resolve;
  });
  #loaded: Promise<Outputs> | undefined;
  #opened: Promise<Outputs> | undefined;
  #shutDown: Promise<void> | undefined;
  isShutDown = false;

  constructor(options: LifecycleOptions) {
    this.#options = options;
  }

  /** The outputs, once the SDK is loaded. */
  get created(): Outputs | undefined {
    return this.#created;
  }

  /** Loads the SDK at once. */
  load(): Outputs {
    this.#created ??= this.#options.create();
    return this.#created;
  }

  /** Loads the SDK, one package per turn, and opens the outputs. @param delayMs before it begins */
  open(delayMs = 0): Promise<Outputs> {
    this.#loaded ??= loadInTurns(this.#options.packages, delayMs).then(() => this.load());
    this.#opened ??= this.#loaded.then(async (outputs) => {
      await outputs.open();
      this.#resolveReady(outputs.readAddress());
      return outputs;
    });
    // Callers see the failure too; this keeps it from being an unhandled rejection of the app.
    this.#opened.catch((cause) => {
      reportFailure('start serving or pushing metrics', cause);
      this.#resolveReady(undefined);
    });
    return this.#opened;
  }

  /** However often it is called, it shuts down once. */
  shutdown(): Promise<void> {
    this.#shutDown ??= this.#shutdownOnce();
    return this.#shutDown;
  }

  async #shutdownOnce(): Promise<void> {
    this.isShutDown = true;
    try {
      // Without a server only the SDK may be loaded, for the app's own instruments. They are sent too.
      await this.#loaded;
      await atMost(this.#opened, OPEN_TIMEOUT_MS);
      await this.#created?.shutdown();
    } catch (cause) {
      log.debug(`shutdown failed: ${cause}`);
    }
    this.#resolveReady(undefined);
  }
}

/** The timer is referenced: an app that waits for nothing but its shutdown must not exit before. */
async function atMost(done: Promise<unknown> | undefined, timeoutMs: number): Promise<void> {
  if (done === undefined) return;
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  await Promise.race([done, timeout]).finally(() => clearTimeout(timer));
}

/**
 * Loads packages with a turn of the event loop between them. Together they take a tenth of a second, in which a server
 * that has just begun to listen would answer no request.
 */
async function loadInTurns(packages: readonly (() => unknown)[], delayMs: number): Promise<void> {
  // Unreferenced: a process whose server has closed again exits without waiting.
  if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs).unref());
  for (const load of packages) {
    await new Promise((resolve) => setImmediate(resolve));
    load();
  }
}
