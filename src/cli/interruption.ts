/** What ends a command from outside, and what a shell says of that. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * Runs something that can be ended by Ctrl-C: the signal of the process aborts it, and it ends in its own order. A second
 * one ends the process at once, but for its `exit` listeners.
 * @throws Interrupted where what is run hands it on
 */
export async function interruptible<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const listeners = Object.entries(SIGNALS).map(([name, code]) => {
    const abort = () => {
      if (controller.signal.aborted) process.exit(code);
      controller.abort(new Interrupted());
    };
    process.on(name, abort);
    return () => process.removeListener(name, abort);
  });
  try {
    return await run(controller.signal);
  } finally {
    for (const remove of listeners) remove();
  }
}

/** Somebody wanted it to end. */
export class Interrupted extends Error {
  override name = 'Interrupted';

  constructor() {
    super('interrupted');
  }
}
