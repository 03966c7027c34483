import { parseArgs } from 'node:util';

/** @returns the value of --seconds; Infinity without it */
export function parseSeconds() {
  const { seconds } = parseArgs({ options: { seconds: { type: 'string' } } }).values;
  if (seconds === undefined) return Number.POSITIVE_INFINITY;
  if (!(Number(seconds) > 0)) throw new Error(`--seconds: expected a number above 0, got "${seconds}"`);
  return Number(seconds);
}
