import type { Apm } from './apm.ts';
import { log } from './base/log.ts';
import type { SetupOptions } from './config/setup-options.ts';
import { isGiven, isPreloaded, running, start } from './runtime.ts';

/** `setupApm`, where this package can run. */
export function startOnce(options: SetupOptions): Apm {
  // The preload starts when a server listens. Where this call is earlier, it starts now, by the environment.
  const existing = running() ?? (isPreloaded() ? start(undefined, true) : undefined);
  if (existing === undefined) {
    const apm = start(options);
    apm.open();
    return apm;
  }
  const takesIgnore = isGiven(options.ignore) && existing.ignoreWhere(options.ignore);
  const ignored = Object.keys(options).filter((key) => !(key === 'ignore' && takesIgnore));
  if (ignored.length > 0) {
    const remedy =
      isPreloaded() && ignored.some((key) => key !== 'ignore')
        ? `the preload reads the environment: set their variables${hasFunctions(options.labels) ? ', which cannot name a function' : ''}`
        : 'pass them to the first call';
    log.warn(
      `setupApm: this process is already measured, so these options have no effect: ${ignored.join(', ')}; ${remedy}`,
      'setting',
    );
  }
  return existing;
}

const hasFunctions = (labels: SetupOptions['labels']): boolean =>
  Object.values(labels ?? {}).some((source) => typeof source === 'function');
