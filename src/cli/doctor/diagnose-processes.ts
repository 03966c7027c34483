import type { ApmStatus } from '../../status.ts';
import { type Finding, finding } from './finding.ts';

/** Findings about the other processes of a service: which are merged, and which did not answer in time. */
export function diagnoseProcesses({ pid, processes }: ApmStatus): Finding[] {
  if (processes === null) {
    return [finding('no-place', 'note', 'Still looking for the other processes of the service.', 'Run this again.')];
  }
  const { scrapedBy, others } = processes;
  if (others.length === 0) {
    // The id of a thread is the process id with a number appended.
    if (scrapedBy.split('.')[0] === String(pid)) return [];
    return [finding('processes', 'ok', `The metrics of this process are part of the scrape of process ${scrapedBy}.`)];
  }
  const list = (processes: typeof others) => processes.map((each) => each.pid).join(', ');
  const findings = [
    finding(
      'processes',
      'ok',
      `This scrape includes ${others.length} other process${others.length === 1 ? '' : 'es'}: ${list(others)}. The findings about servers and paths are for process ${pid} only.`,
    ),
  ];
  const late = others.filter((each) => each.late);
  if (late.length === 0) return findings;
  return [
    ...findings,
    finding(
      'late',
      'problem',
      `No answer within a second at the last scrape: ${list(late)}.`,
      'Check whether the event loop of that process is blocked, or the process is stopped. Its earlier counts are kept. apm_processes_late_total counts such scrapes.',
    ),
  ];
}
