import { rm } from 'node:fs/promises';
import type { ServerProcess } from './server-process.ts';

/** A server program that runs in its own folder: a Prometheus or a Collector. */
export class Instance {
  /** Folder of its configuration and its data. */
  readonly folder: string;
  readonly #process: ServerProcess;
  readonly #temporary: boolean;

  /** @param temporary whether `close` removes the folder */
  constructor(service: ServerProcess, folder: string, temporary: boolean) {
    this.folder = folder;
    this.#process = service;
    this.#temporary = temporary;
  }

  /** Waits until it is ready. If it fails to start, it is ended and its temporary folder removed. */
  async start(): Promise<this> {
    try {
      await this.#process.start();
      return this;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** The last part of its output since its last start. */
  get output(): string {
    return this.#process.output;
  }

  /** Ends it with SIGTERM. */
  stop(): Promise<void> {
    return this.#process.stop();
  }

  /** Ends it with SIGKILL, as if its machine had failed. */
  kill(): Promise<void> {
    return this.#process.kill();
  }

  /** Restarts it with the same ports and data. */
  async restart(): Promise<void> {
    await this.#process.stop();
    await this.#process.start();
  }

  /** Ends it, and removes its temporary folder. */
  async close(): Promise<void> {
    await this.#process.stop();
    if (this.#temporary) await rm(this.folder, { recursive: true, force: true });
  }
}
