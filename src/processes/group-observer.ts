import type { Increments } from '../metrics/increments.ts';

/** The live page, which is called with everything that the other processes send. A process is named by its pid. */
export interface GroupObserver {
  /** @param increments counted just now */
  counted(pid: string, increments: Increments): void;
  /** About every 5 seconds. @throws where the vitals are malformed */
  vitals(pid: string, vitals: unknown): void;
  left(pid: string): void;
}
