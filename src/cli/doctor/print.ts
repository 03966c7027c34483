import type { ApmStatus } from '../../status.ts';
import { type Colour, paint, stripControls } from '../terminal.ts';
import type { Finding } from './finding.ts';

const LEVEL_WIDTH = 'problem  '.length;
const LEVEL_COLOUR: Readonly<Record<Finding['level'], Colour>> = { ok: 'green', note: 'yellow', problem: 'red' };

/** The findings as text: the process, one line per finding with its advice below, and the number of problems. */
export function renderFindings(title: string, findings: readonly Finding[], colours: boolean): string {
  const colour = (name: Colour, text: string) => (colours ? paint(name, text) : text);
  const lines = [stripControls(title), ''];
  for (const { level, text, todo } of findings) {
    lines.push(`${colour(LEVEL_COLOUR[level], level.padEnd(LEVEL_WIDTH))}${stripControls(text)}`);
    for (const each of todo) lines.push(`${' '.repeat(LEVEL_WIDTH)}-> ${stripControls(each)}`);
  }
  const problems = findings.filter(({ level }) => level === 'problem').length;
  const summary = problems === 0 ? 'No problems.' : `${problems} problem${problems === 1 ? '' : 's'}.`;
  lines.push('', colour(problems === 0 ? 'green' : 'red', summary), '');
  return lines.join('\n');
}

/** One line that identifies a process by its status. */
export function describeProcess({ service, pid, uptimeSeconds, node, package: { name, version } }: ApmStatus): string {
  const serviceName = service.version === null ? service.name : `${service.name} ${service.version}`;
  return `${serviceName}: pid ${pid}, up ${formatUptime(uptimeSeconds)}, Node.js ${node}, ${name} ${version}`;
}

function formatUptime(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 120 * 60) return `${Math.floor(seconds / 60)} min`;
  return seconds < 48 * 3600 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} days`;
}
