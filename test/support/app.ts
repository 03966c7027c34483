import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { root } from './root.ts';
import { atEnd } from './shared.ts';

export { root };

export const register = new URL('../../dist/register.js', import.meta.url).href;

/** The part of the start-up line with the addresses of the metrics and of the live page. */
export const metricsAt = (url: string): string => `metrics at ${url} (live page: ${new URL(url).origin}/)`;

export interface AppOptions {
  /** Added to PATH, HOME and a free port, so that OTEL_ and APM_ variables of the developer do not reach an app. */
  env?: Record<string, string>;
  /** Node flags; the preload by default. */
  flags?: string[];
  /** The node binary; this one by default. */
  node?: string;
  cwd?: string;
  /** The line with its port that the app prints once it serves; `listening PORT` by default. */
  ready?: RegExp;
  /** Program arguments. */
  args?: string[];
}

/**
 * Starts an app as a child process under the preload and waits until it serves. An app prints `listening PORT`.
 * It is killed after the test, also after a failed one. When `shared` starts it, it is killed after the last test.
 */
export async function startApp(file: string, options: AppOptions = {}): Promise<App> {
  const app = launch(file, options);
  await app.waitForOutput(app.ready);
  return app;
}

/** Like `startApp`, but does not wait: for apps that exit by themselves. */
export function launch(file: string, options: AppOptions = {}): App {
  const flags = options.flags ?? ['--import', register];
  const child = spawn(options.node ?? process.execPath, [...flags, file, ...(options.args ?? [])], {
    cwd: options.cwd ?? root,
    env: {
      PATH: process.env.PATH ?? '',
      HOME: process.env.HOME ?? '',
      OTEL_EXPORTER_PROMETHEUS_PORT: '0',
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const app = new App(child, options.ready);
  atEnd(() => app.kill());
  return app;
}

export class App {
  stdout = '';
  stderr = '';
  readonly child: ChildProcess;
  readonly ready: RegExp;
  readonly exit: Promise<{ code: number | null; signal: string | null }>;
  #waiting = new Set<() => void>();

  constructor(child: ChildProcess, ready = /^listening (\d+)$/m) {
    this.child = child;
    this.ready = ready;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#onOutput('stdout', text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => this.#onOutput('stderr', text));
    this.exit = once(child, 'close').then(([code, signal]) => {
      for (const check of this.#waiting) check();
      return { code, signal };
    });
  }

  #onOutput(stream: 'stdout' | 'stderr', text: string): void {
    this[stream] += text;
    for (const check of this.#waiting) check();
  }

  /** Waits for matching output on stdout or stderr. Fails when the app exits before. */
  waitForOutput(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const check = () => {
        const match = pattern.exec(this.stdout) ?? pattern.exec(this.stderr);
        const ended = this.child.exitCode !== null || this.child.signalCode !== null;
        if (!match && !ended) return;
        this.#waiting.delete(check);
        if (match) resolve(match);
        else
          reject(
            new Error(
              `the app exited (${this.child.exitCode ?? this.child.signalCode}) before it printed ${pattern}:\n${this.stdout}${this.stderr}`,
            ),
          );
      };
      this.#waiting.add(check);
      check();
    });
  }

  get port(): number {
    return Number(this.ready.exec(this.stdout)?.[1]);
  }

  url(path = '/'): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  /** Waits for the start-up line and returns the address of the metrics. */
  async metricsUrl(): Promise<string> {
    const [, url] = await this.waitForOutput(/^\[@org\/apm\] metrics at (\S+)/m);
    return url as string;
  }

  /** Scrapes the metrics endpoint. */
  async scrape(): Promise<string> {
    const response = await fetch(await this.metricsUrl());
    return await response.text();
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal);
    await this.exit;
  }
}
