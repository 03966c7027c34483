/** What ends a command from outside. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs something that can be ended by Ctrl-C: the signal of the process aborts it, and it ends in its own order. A second
 * one ends the process as ever.
 */
export async function interruptible<T>(run: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const abort = () => {
    for (const name of SIGNALS) process.removeListener(name, abort);
    controller.abort(new Interrupted());
  };
  for (const name of SIGNALS) process.on(name, abort);
  try {
    return await run(controller.signal);
  } finally {
    for (const name of SIGNALS) process.removeListener(name, abort);
  }
}

/** Somebody wanted it to end. */
export class Interrupted extends Error {
  override name = 'Interrupted';

  constructor() {
    super('interrupted');
  }
}
