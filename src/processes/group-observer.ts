import type { Increments } from '../metrics/increments.ts';

/** Sees everything that the other processes send, while it is new: the live page. A process is named by its pid. */
export interface GroupObserver {
  counted(pid: string, increments: Increments): void;
  /** Called about every 5 seconds. @throws where the message is malformed */
  vitals(pid: string, message: unknown): void;
  left(pid: string): void;
}
