/** Signals that stop a command, and the exit code that shells use for each. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** The user or the system stopped the command. */
export class Interrupted extends Error {
  override name = 'Interrupted';

  constructor() {
    super('interrupted');
  }
}

/**
 * Runs work that must clean up after Ctrl-C. The first signal aborts the work, which then ends in its own order. The
 * second signal ends the process at once; only its `exit` listeners run.
 * @throws Interrupted where the work passes the abort reason on
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
