import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { lastLines } from './run.ts';

export interface ServerProcessOptions {
  /** Name of the program in messages. */
  name: string;
  path: string;
  args: readonly string[];
  cwd: string;
  env?: Record<string, string | undefined>;
  /** Whether the program is ready, asked until it is. `output` is what it has printed. */
  isReady: (output: string) => boolean | Promise<boolean>;
  /** The user that it runs as, by default this one. */
  uid?: number;
}

/** Older output is dropped, because a program may run for days. */
const MAX_OUTPUT_CHARS = 100_000;

const children = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/** A program that runs until it is stopped. It is ended when this process exits, but not if this process is killed. */
export class ServerProcess {
  /** The last part of its output since its last start. */
  output = '';
  readonly #options: ServerProcessOptions;
  #child: ChildProcess | undefined;
  #ended: Promise<unknown> = Promise.resolve();

  constructor(options: ServerProcessOptions) {
    this.#options = options;
  }

  get running(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /**
   * Starts the program and waits until it is ready.
   * @throws an Error with the last lines of its output, if it ends or is not ready within 60 s
   */
  async start(): Promise<void> {
    const { name, path, args, cwd, env, isReady, uid } = this.#options;
    if (this.running) throw new Error(`${name} is already running`);
    this.output = '';
    const child = spawn(path, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(uid !== undefined && { uid }),
    });
    this.#child = child;
    let failure: Error | undefined;
    child.on('error', (error) => {
      failure = error;
    });
    const append = (text: string) => {
      this.output = (this.output + text).slice(-MAX_OUTPUT_CHARS);
    };
    child.stdout.setEncoding('utf8').on('data', append);
    child.stderr.setEncoding('utf8').on('data', append);
    this.#ended = once(child, 'close').catch(() => {});
    children.add(child);
    void this.#ended.then(() => children.delete(child));
    const end = performance.now() + 60_000;
    while (!(await isReady(this.output))) {
      const late = performance.now() > end;
      if (!late && failure === undefined && this.running) {
        await wait(50);
        continue;
      }
      const how = failure ? `could not be run: ${failure.message}` : late ? 'was not ready within 60 s' : 'ended';
      await this.kill();
      throw new Error(`${name} ${how}:\n${lastLines(this.output)}`);
    }
    // If the program has ended, another program answered in its place.
    if (!this.running) throw new Error(`${name} ended:\n${lastLines(this.output)}`);
  }

  /** Sends SIGTERM, and SIGKILL after 20 s. Resolves when the program has ended. */
  async stop(): Promise<void> {
    if (!this.running) return;
    this.#child?.kill('SIGTERM');
    const killTimer = setTimeout(() => this.#child?.kill('SIGKILL'), 20_000);
    await this.#ended;
    clearTimeout(killTimer);
  }

  /** Sends SIGKILL, as if its machine had failed. */
  async kill(): Promise<void> {
    if (!this.running) return;
    this.#child?.kill('SIGKILL');
    await this.#ended;
  }
}

/** Whether a URL answers with 200. */
export async function answersOk(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
