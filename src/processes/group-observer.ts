import type { Increments } from '../metrics/increments.ts';

/** The live page, which is called with everything that the other processes send. A process is named by its pid. */
export interface GroupObserver {
  /** @param increments counted just now */
  onIncrements(pid: string, increments: Increments): void;
  /** About every 5 seconds. @throws where the vitals are malformed */
  onVitals(pid: string, vitals: unknown): void;
  onExit(pid: string): void;
}
