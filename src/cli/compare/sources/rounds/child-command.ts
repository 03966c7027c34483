import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { watch } from './watchdog.ts';

/** Milliseconds that what was asked to end has, before it is ended; and what was ended, before it is left. */
const GRACE = 5_000;
const LAST = 2_000;
/** Characters of its output that are kept. */
const KEPT = 8_000;

/** Process groups that are running. They would outlive this process, as they hear no Ctrl-C of its terminal. */
const running = new Set<number>();

const endAll = () => {
  for (const group of running) kill(group, 'SIGKILL');
};

/** A command in a shell, in a process group of its own, so that it can be ended with all that it started. */
export class Command {
  readonly #child: ChildProcess;
  #output = '';
  /** How it ended: `code 1`, or `SIGKILL`. Never rejects. */
  readonly ended: Promise<string>;

  constructor(command: string, env: NodeJS.ProcessEnv) {
    this.#child = spawn(command, { shell: true, detached: true, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const hear = (text: string) => {
      this.#output = (this.#output + text).slice(-KEPT);
    };
    this.#child.stdout?.setEncoding('utf8').on('data', hear);
    this.#child.stderr?.setEncoding('utf8').on('data', hear);
    this.ended = new Promise((resolve) => {
      this.#child.on('error', (error) => resolve(error.message));
      this.#child.on('exit', (code, signal) => resolve(signal ?? `code ${code}`));
    });
    const { pid } = this.#child;
    if (pid === undefined) return;
    if (running.size === 0) process.on('exit', endAll);
    running.add(pid);
    watch(running);
  }

  /** Whether it has ended by itself, and well. */
  get isDone(): boolean {
    return this.#child.exitCode === 0;
  }

  /** What a pattern's first group has found in its output, last first; undefined where it has not written that (any more). */
  said(pattern: RegExp): string | undefined {
    return [...this.#output.matchAll(pattern)].at(-1)?.[1];
  }

  /** The last it wrote, in one line: of a stack, what is above it. */
  get lastOutput(): string {
    const lines = this.#output.split('\n').map((line) => line.replace(/\p{Cc}/gu, ' ').trim());
    const said = lines.filter((line) => /\w/.test(line) && !/^(at |Node\.js v\d|\[@org\/apm\])/.test(line));
    // Node.js writes the fields of an error below its stack.
    const error = said.findLastIndex((line) => /^(Uncaught )?\w*Error\b.*: /.test(line));
    const shown = error >= 0 ? said.slice(error, error + 1) : said.slice(-3);
    return said.length === 0 ? 'it wrote nothing' : shown.join(' / ').slice(-400);
  }

  /** Asks all of it to end, and after 5 s makes it. Resolves when nothing of it is left. */
  async end(): Promise<void> {
    const { pid } = this.#child;
    if (pid === undefined || !running.has(pid)) return;
    if (kill(pid, 'SIGTERM') && !(await gone(pid, GRACE)) && kill(pid, 'SIGKILL')) await gone(pid, LAST);
    running.delete(pid);
    watch(running);
    if (running.size === 0) process.removeListener('exit', endAll);
    // What left its group may still hold them.
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
  }
}

async function gone(group: number, milliseconds: number): Promise<boolean> {
  const end = performance.now() + milliseconds;
  while (kill(group, 0) && runs(group)) {
    if (performance.now() > end) return false;
    await wait(20);
  }
  return true;
}

/** @returns whether there was any */
function kill(group: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-group, signal);
  } catch {
    return false;
  }
}

/**
 * Whether anything of a group still runs: what has ended and nobody has asked how is in it too, for good in a container
 * without an init process. Only Linux says. A zombie with more than one thread is still ending, and has its port.
 */
function runs(group: number): boolean {
  let pids: string[];
  try {
    pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return true;
  }
  return pids.some((pid) => {
    const stat = statOf(pid);
    const isOver = (stat[STATE] === 'Z' || stat[STATE] === 'X') && Number(stat[THREADS]) <= 1;
    return Number(stat[GROUP]) === group && !isOver;
  });
}

/** Places in what Linux says of a process, behind its name. @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
const [STATE, GROUP, THREADS] = [0, 2, 17];

/** What Linux says of a process; its name may hold anything. */
function statOf(pid: string): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}
