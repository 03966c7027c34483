import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { lastLines } from './run.ts';

export interface ServerProcessOptions {
  /** What it is called in messages. */
  name: string;
  path: string;
  args: readonly string[];
  cwd: string;
  env?: Record<string, string | undefined>;
  /** Answers with 200 once the program serves. */
  readyUrl: string;
}

/** Enough for whoever reads it, in one that runs for days. */
const MAX_OUTPUT_CHARS = 100_000;

const children = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of children) child.kill('SIGKILL');
});

/** A program that serves until it is stopped. It ends with this process, unless this process is killed. */
export class ServerProcess {
  /** The end of what it wrote since its last start. */
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
   * Starts it and waits until it serves.
   * @throws an Error with its last lines where it ends before, or does not serve within 60 s
   */
  async start(): Promise<void> {
    const { name, path, args, cwd, env, readyUrl } = this.#options;
    if (this.running) throw new Error(`${name} runs already`);
    this.output = '';
    const child = spawn(path, args, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    let failure: Error | undefined;
    child.on('error', (error) => {
      failure = error;
    });
    const hear = (text: string) => {
      this.output = (this.output + text).slice(-MAX_OUTPUT_CHARS);
    };
    child.stdout.setEncoding('utf8').on('data', hear);
    child.stderr.setEncoding('utf8').on('data', hear);
    this.#ended = once(child, 'close').catch(() => {});
    children.add(child);
    void this.#ended.then(() => children.delete(child));
    const end = performance.now() + 60_000;
    while (!(await answersOk(readyUrl))) {
      const late = performance.now() > end;
      if (!late && failure === undefined && this.running) {
        await wait(50);
        continue;
      }
      const how = failure ? `could not be run: ${failure.message}` : late ? 'does not serve' : 'ended';
      await this.kill();
      throw new Error(`${name} ${how}:\n${lastLines(this.output)}`);
    }
    // Whatever else answers there is not this one.
    if (!this.running) throw new Error(`${name} ended:\n${lastLines(this.output)}`);
  }

  /** Asks it to end and, after 20 s, makes it. Resolves when it has ended. */
  async stop(): Promise<void> {
    if (!this.running) return;
    this.#child?.kill('SIGTERM');
    const impatient = setTimeout(() => this.#child?.kill('SIGKILL'), 20_000);
    await this.#ended;
    clearTimeout(impatient);
  }

  /** As if its machine had gone. */
  async kill(): Promise<void> {
    if (!this.running) return;
    this.#child?.kill('SIGKILL');
    await this.#ended;
  }
}

async function answersOk(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
