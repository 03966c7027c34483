import { log } from '../config/log.ts';

/**
 * Says when pushes begin to fail and when they arrive again: once each, not at every try.
 * @returns to be told how each push ended
 */
export function pushLog(url: string): (error: Error | undefined) => void {
  let failing = false;
  return (error) => {
    if (failing === (error !== undefined)) return;
    failing = error !== undefined;
    if (error) log.warn(`could not push metrics to ${url}: ${reason(error)}; trying again at each interval`);
    else log.info(`metrics reach ${url} again`);
  };
}

/** One line. A name with several addresses fails with an AggregateError, which says nothing but its code. */
function reason(error: Error): string {
  const { code } = error as { code?: unknown };
  const said = error.message || (code === undefined ? error.name : String(code));
  return said.replace(/\s+/g, ' ').trim();
}
