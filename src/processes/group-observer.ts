import type { ScopeMetrics } from '@opentelemetry/sdk-metrics';

/** Who is told of everything the other processes say while it is new: the live page. A process is named by its pid. */
export interface GroupObserver {
  counted(pid: string, increments: readonly ScopeMetrics[]): void;
  /** About every 5 seconds. @throws where it is nothing that a process says of itself */
  vitals(pid: string, signs: unknown): void;
  left(pid: string): void;
}
