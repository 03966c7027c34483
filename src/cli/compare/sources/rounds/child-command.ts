import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { stripControls } from '../../../terminal.ts';
import { watchGroups } from './watchdog.ts';

/** From SIGTERM to SIGKILL. */
const STOP_TIMEOUT_MS = 5_000;
/** From SIGKILL to giving up. */
const KILL_TIMEOUT_MS = 2_000;
const MAX_OUTPUT_CHARS = 8_000;
const MAX_SUMMARY_CHARS = 400;

/** The running process groups. They do not receive Ctrl-C of this terminal, so they would outlive this process. */
const runningGroups = new Set<number>();

const killAllGroups = () => {
  for (const group of runningGroups) signalGroup(group, 'SIGKILL');
};

/** A shell command in its own process group, so that it can be stopped with all of its children. */
export class ChildCommand {
  readonly #child: ChildProcess;
  #output = '';
  /** Resolves when the command exits, with `code 1` or `SIGKILL`. Never rejects. */
  readonly exited: Promise<string>;

  constructor(command: string, env: NodeJS.ProcessEnv) {
    this.#child = spawn(command, { shell: true, detached: true, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const append = (text: string) => {
      this.#output = (this.#output + text).slice(-MAX_OUTPUT_CHARS);
    };
    this.#child.stdout?.setEncoding('utf8').on('data', append);
    this.#child.stderr?.setEncoding('utf8').on('data', append);
    this.exited = new Promise((resolve) => {
      this.#child.on('error', (error) => resolve(error.message));
      this.#child.on('exit', (code, signal) => resolve(signal ?? `code ${code}`));
    });
    const { pid } = this.#child;
    if (pid === undefined) return;
    if (runningGroups.size === 0) process.on('exit', killAllGroups);
    runningGroups.add(pid);
    watchGroups(runningGroups);
  }

  /** Whether it exited with code 0. */
  get hasSucceeded(): boolean {
    return this.#child.exitCode === 0;
  }

  /** The first group of the last match in the output; undefined without a match. Only the end of the output is kept. */
  findInOutput(pattern: RegExp): string | undefined {
    return [...this.#output.matchAll(pattern)].at(-1)?.[1];
  }

  /** The last lines of the output in one line. Of a stack trace, only the message. */
  get outputSummary(): string {
    const lines = this.#output.split('\n').map((line) => stripControls(line).trim());
    const relevant = lines.filter((line) => /\w/.test(line) && !/^(at |Node\.js v\d|\[@org\/apm\])/.test(line));
    if (relevant.length === 0) return 'no output';
    // Node.js prints the fields of an error below its stack.
    const error = relevant.findLastIndex((line) => /^(Uncaught )?\w*Error\b.*: /.test(line));
    const shown = error >= 0 ? relevant.slice(error, error + 1) : relevant.slice(-3);
    return shown.join(' / ').slice(-MAX_SUMMARY_CHARS);
  }

  /** Stops the whole process group: SIGTERM, and SIGKILL after a timeout. Resolves when no process of it is left. */
  async stop(): Promise<void> {
    const { pid } = this.#child;
    if (pid === undefined || !runningGroups.has(pid)) return;
    const isGone = !signalGroup(pid, 'SIGTERM') || (await waitUntilGone(pid, STOP_TIMEOUT_MS));
    if (!isGone && signalGroup(pid, 'SIGKILL')) await waitUntilGone(pid, KILL_TIMEOUT_MS);
    runningGroups.delete(pid);
    watchGroups(runningGroups);
    if (runningGroups.size === 0) process.removeListener('exit', killAllGroups);
    // A process that left the group may keep these open.
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
  }
}

async function waitUntilGone(group: number, timeoutMs: number): Promise<boolean> {
  const end = performance.now() + timeoutMs;
  while (signalGroup(group, 0) && hasRunningProcess(group)) {
    if (performance.now() > end) return false;
    await wait(20);
  }
  return true;
}

/** @returns whether the group has a process */
function signalGroup(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, signal);
  } catch {
    return false;
  }
}

/** Indexes in /proc/PID/stat, after the process name. @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const STAT = { state: 0, group: 2, threads: 17 };

/**
 * Whether a group has a process that is not a zombie. Zombies stay in the group, in a container without an init process
 * forever. A zombie with several threads is still exiting and keeps its port. Only Linux can tell.
 */
function hasRunningProcess(group: number): boolean {
  let pids: string[];
  try {
    pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return true;
  }
  return pids.some((pid) => {
    const stat = readProcStat(pid);
    const isDead = stat[STAT.state] === 'Z' || stat[STAT.state] === 'X';
    const isOver = isDead && Number(stat[STAT.threads]) <= 1;
    return Number(stat[STAT.group]) === group && !isOver;
  });
}

/** The fields after the process name, which may contain any character. Empty for a process that is gone. */
function readProcStat(pid: string): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}
