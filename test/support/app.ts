import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { root } from './root.ts';
import { atEnd } from './shared.ts';

export { root };

export const register = new URL('../../dist/register.js', import.meta.url).href;

/** How the start-up line says where the metrics are, and the page of them. */
export const metricsAt = (url: string): string => `metrics at ${url} (live page: ${new URL(url).origin}/)`;

export interface AppOptions {
  /** Environment added to a bare one: nothing of the developer's own OTEL_ or APM_ settings reaches an app. */
  env?: Record<string, string>;
  /** Node flags; the preload by default. */
  flags?: string[];
  /** The node binary; this one by default. */
  node?: string;
  cwd?: string;
  /** A line the app must print before it counts as started, with its port; `listening PORT` by default. */
  ready?: RegExp;
  /** Program arguments. */
  args?: string[];
}

/**
 * Starts a real app as a child process under the preload and waits until it serves. An app prints `listening PORT`.
 * It is killed when the test ends, however it ends; where `shared` starts it, with the last test.
 */
export async function startApp(file: string, options: AppOptions = {}): Promise<App> {
  const app = launch(file, options);
  await app.waitForOutput(app.ready);
  return app;
}

/** As `startApp`, without waiting: for apps that end by themselves. */
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
  #heard = new Set<() => void>();

  constructor(child: ChildProcess, ready = /^listening (\d+)$/m) {
    this.child = child;
    this.ready = ready;
    child.stdout?.setEncoding('utf8').on('data', (text: string) => this.#hear('stdout', text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => this.#hear('stderr', text));
    this.exit = once(child, 'close').then(([code, signal]) => {
      for (const check of this.#heard) check();
      return { code, signal };
    });
  }

  #hear(stream: 'stdout' | 'stderr', text: string): void {
    this[stream] += text;
    for (const check of this.#heard) check();
  }

  /** Waits until the app has printed something that matches, on either stream; fails when it ends before. */
  waitForOutput(pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      const check = () => {
        const match = pattern.exec(this.stdout) ?? pattern.exec(this.stderr);
        const ended = this.child.exitCode !== null || this.child.signalCode !== null;
        if (!match && !ended) return;
        this.#heard.delete(check);
        if (match) resolve(match);
        else
          reject(
            new Error(
              `the app ended (${this.child.exitCode ?? this.child.signalCode}) before it said ${pattern}:\n${this.stdout}${this.stderr}`,
            ),
          );
      };
      this.#heard.add(check);
      check();
    });
  }

  get port(): number {
    return Number(this.ready.exec(this.stdout)?.[1]);
  }

  url(path = '/'): string {
    return `http://127.0.0.1:${this.port}${path}`;
  }

  /** Where the app's one start-up line says its metrics are. */
  async metricsUrl(): Promise<string> {
    const [, url] = await this.waitForOutput(/^\[@org\/apm\] metrics at (\S+)/m);
    return url as string;
  }

  /** The exposition as the real endpoint gives it. */
  async scrape(): Promise<string> {
    const response = await fetch(await this.metricsUrl());
    return await response.text();
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal);
    await this.exit;
  }
}
