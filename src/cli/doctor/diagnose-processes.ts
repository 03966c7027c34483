import type { ApmStatus } from '../../status.ts';
import { type Finding, finding } from './finding.ts';

/** What there is to say of the other processes of a service: which are merged, and which did not answer in time. */
export function diagnoseProcesses({ pid, processes }: ApmStatus): Finding[] {
  if (processes === null) {
    return [finding('no-place', 'note', 'The other processes of the service are being looked for.', 'Ask again.')];
  }
  const { scrapedBy, others } = processes;
  if (others.length === 0) {
    // A thread's has its number appended.
    if (scrapedBy.split('.')[0] === String(pid)) return [];
    return [finding('processes', 'ok', `Its metrics are merged into the scrape of process ${scrapedBy}.`)];
  }
  const list = (of: typeof others) => of.map((each) => each.pid).join(', ');
  const one = others.length === 1;
  const found = [
    finding(
      'processes',
      'ok',
      `The metrics of ${others.length} other process${one ? '' : 'es'} are merged here: ${list(others)}. What is said of servers and paths is of process ${pid} alone.`,
    ),
  ];
  const late = others.filter((each) => each.late);
  if (late.length === 0) return found;
  return [
    ...found,
    finding(
      'late',
      'problem',
      `Did not answer the last scrape within a second: ${list(late)}.`,
      'Its event loop is blocked, or it is stopped. What it had told before is still counted; apm_processes_late_total says how often that happens.',
    ),
  ];
}
