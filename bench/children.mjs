// Child processes of the bench. They answer questions over IPC, and are ended by their pid, also when the bench is
// interrupted.
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const running = new Set();

export const file = (name) => fileURLToPath(new URL(name, import.meta.url));

/** The OTEL_ and APM_ settings of the developer's shell are not passed on, because they would change the figures. */
export const cleanEnvironment = (extra) => ({ PATH: process.env.PATH, HOME: process.env.HOME, ...extra });

export class Child {
  stderr = '';
  #asked = new Map();
  #lastId = 0;
  #waiting = new Set();

  /** @param node the binary of another version of Node */
  constructor(args, env, node = process.execPath) {
    this.process = spawn(node, args, {
      env: cleanEnvironment(env),
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    running.add(this.process);
    this.process.stderr.setEncoding('utf8').on('data', (text) => {
      this.stderr += text;
      this.#wake();
    });
    this.process.on('message', ({ id, value, error, listening, ready }) => {
      if (listening) this.port = listening;
      else if (ready) this.isReady = true;
      else if (error) this.#asked.get(id).reject(new Error(error));
      else this.#asked.get(id).resolve(value);
      this.#asked.delete(id);
      this.#wake();
    });
    this.ended = new Promise((resolve) => this.process.on('close', resolve)).then(() => {
      running.delete(this.process);
      this.hasEnded = true;
      for (const { reject } of this.#asked.values()) reject(this.#failure());
      this.#wake();
    });
  }

  #failure = () => new Error(`a child process ended unexpectedly: ${this.process.spawnargs.join(' ')}\n${this.stderr}`);
  #wake() {
    for (const check of this.#waiting) check();
  }

  /**
   * Resolves with the first value of `read` that is not undefined. Calls `read` after each output and message of the
   * child.
   */
  until(read) {
    return new Promise((resolve, reject) => {
      const check = () => {
        const value = read();
        if (value === undefined && !this.hasEnded) return;
        this.#waiting.delete(check);
        if (value === undefined) reject(this.#failure());
        else resolve(value);
      };
      this.#waiting.add(check);
      check();
    });
  }

  ask(what, question) {
    return new Promise((resolve, reject) => {
      this.#asked.set(++this.#lastId, { resolve, reject });
      this.process.send({ id: this.#lastId, what, ...question });
    });
  }

  async stop() {
    this.process.kill('SIGKILL');
    await this.ended;
  }
}

function killAll() {
  for (const child of running) child.kill('SIGKILL');
}
process.on('exit', killAll);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
