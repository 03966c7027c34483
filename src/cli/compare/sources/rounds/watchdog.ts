import { type ChildProcess, spawn } from 'node:child_process';

/** Reads a line of process groups after each change. At the end of its input, kills the groups of the last line. */
const SCRIPT = `while read -r line; do groups=$line; done
for group in $groups; do kill -s KILL -- "-$group"; done`;

let watchdog: ChildProcess | undefined;

/**
 * Kills process groups when this process can not: no listener runs after kill -9. A shell in its own process group
 * reads from this process. Its input ends when this process ends, for whatever reason.
 * @param groups  all running ones; without any, the shell ends
 */
export function watchGroups(groups: ReadonlySet<number>): void {
  watchdog ??= startWatchdog();
  watchdog.stdin?.write(`${[...groups].join(' ')}\n`);
  if (groups.size > 0) return;
  watchdog.stdin?.end();
  watchdog = undefined;
}

function startWatchdog(): ChildProcess {
  const child = spawn('/bin/sh', ['-c', SCRIPT], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  // Without a shell, only kill -9 leaves processes behind.
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  child.unref();
  return child;
}
