import type { Block } from './model.ts';
import { secondsOf } from './windows.ts';

/**
 * Pocock's correction for six looks: 0.05 / 0.0142. The first is at one minute, and each later one when the time has doubled,
 * so the sixth is at 32 minutes.
 * @see https://en.wikipedia.org/wiki/Pocock_boundary
 */
export const WATCHED_LOOKS = 3.52;
const FIRST_LOOK_SECONDS = 60;

/** The blocks up to the last look: while time goes on until the next one, a verdict is held. */
export function blocksOfLastLook(blocks: readonly Block[]): readonly Block[] {
  const total = secondsOf(blocks);
  if (total < FIRST_LOOK_SECONDS) return blocks;
  const look = FIRST_LOOK_SECONDS * 2 ** Math.floor(Math.log2(total / FIRST_LOOK_SECONDS + 1e-9));
  let seconds = 0;
  // The block in which the look falls is seen: blocks of about five seconds never end exactly after a minute.
  const last = blocks.findIndex(({ from, to }) => {
    seconds += to - from;
    return seconds > look - 1e-6;
  });
  return blocks.slice(0, last + 1);
}
