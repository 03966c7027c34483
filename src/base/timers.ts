import * as timers from 'node:timers';
import * as promises from 'node:timers/promises';

/** Bound at load, so that fake timers of an app do not stop ours: they replace the members of `node:timers`. */
export const { clearInterval, clearTimeout, setImmediate, setInterval, setTimeout } = timers;
/** Resolves in the next turn of the event loop. */
export const nextTurn = promises.setImmediate;
/** Resolves after some milliseconds. */
export const pause = promises.setTimeout;
