import { rm } from 'node:fs/promises';
import type { ServerProcess } from './server-process.ts';

/** A program that runs in a folder of its own: what can be done with it, whatever it is. */
export class Instance {
  /** Where its configuration and its data are. */
  readonly folder: string;
  readonly #process: ServerProcess;
  readonly #temporary: boolean;

  /** @param temporary whether the folder goes with it */
  constructor(service: ServerProcess, folder: string, temporary: boolean) {
    this.folder = folder;
    this.#process = service;
    this.#temporary = temporary;
  }

  /** Waits until it serves; where it does not, nothing of it is left. */
  async start(): Promise<this> {
    try {
      await this.#process.start();
      return this;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** The end of what it wrote since its last start. */
  get output(): string {
    return this.#process.output;
  }

  /** Ends it in good order. */
  stop(): Promise<void> {
    return this.#process.stop();
  }

  /** As if its machine had gone. */
  kill(): Promise<void> {
    return this.#process.kill();
  }

  /** Starts it again, stopped first where it runs, on the same ports and data. */
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
