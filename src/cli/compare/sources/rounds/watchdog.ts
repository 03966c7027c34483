import { type ChildProcess, spawn } from 'node:child_process';

/** Reads which groups run, a line each time that changes, until this process is gone, and then ends those of the last. */
const SCRIPT = `while read -r line; do groups=$line; done
for group in $groups; do kill -s KILL -- "-$group"; done`;

let watchdog: ChildProcess | undefined;

/**
 * Ends process groups when this process can not: kill -9 has no listener. A shell outside of its own group waits for the
 * end of what it reads, which comes with the end of this process, however it ends.
 * @param groups  that are running now; with none of them it ends by itself
 */
export function watch(groups: ReadonlySet<number>): void {
  watchdog ??= started();
  watchdog.stdin?.write(`${[...groups].join(' ')}\n`);
  if (groups.size > 0) return;
  watchdog.stdin?.end();
  watchdog = undefined;
}

function started(): ChildProcess {
  const child = spawn('/bin/sh', ['-c', SCRIPT], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] });
  // Without it everything is as it is with it, but for kill -9.
  child.on('error', () => {});
  child.stdin.on('error', () => {});
  child.unref();
  return child;
}
