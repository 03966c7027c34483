import type { ApmStatus } from '../../status.ts';
import type { Finding } from './finding.ts';

const WIDTH = 'problem  '.length;
const GREEN = 32;
const YELLOW = 33;
const RED = 31;
const COLOUR = { ok: GREEN, note: YELLOW, problem: RED };

/** On a terminal, unless it or its user wants none. @see https://no-color.org */
export function hasColours(stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv): boolean {
  return stream.isTTY === true && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
}

/** The findings as people read them: who was asked, a line for each with what to do below it, and how many problems. */
export function report(asked: string, findings: readonly Finding[], colours: boolean): string {
  const paint = (colour: number, text: string) => (colours ? `\x1b[${colour}m${text}\x1b[0m` : text);
  const lines = [clean(asked), ''];
  for (const { level, text, todo } of findings) {
    lines.push(`${paint(COLOUR[level], level.padEnd(WIDTH))}${clean(text)}`);
    for (const each of todo) lines.push(`${' '.repeat(WIDTH)}-> ${clean(each)}`);
  }
  const problems = findings.filter(({ level }) => level === 'problem').length;
  const sum = problems === 0 ? 'No problems.' : `${problems} problem${problems === 1 ? '' : 's'}.`;
  lines.push('', paint(problems === 0 ? GREEN : RED, sum), '');
  return lines.join('\n');
}

/** A process, by what its status says of it. */
export function who({ service, pid, uptimeSeconds, node, package: { name, version } }: ApmStatus): string {
  const of = service.version === null ? service.name : `${service.name} ${service.version}`;
  return `${of}: pid ${pid}, up ${duration(uptimeSeconds)}, Node.js ${node}, ${name} ${version}`;
}

function duration(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 120 * 60) return `${Math.floor(seconds / 60)} min`;
  return seconds < 48 * 3600 ? `${Math.floor(seconds / 3600)} h` : `${Math.floor(seconds / 86_400)} days`;
}

/** What another process said moves no cursor of this terminal. */
export const clean = (text: string): string => text.replace(/\p{Cc}/gu, ' ');
