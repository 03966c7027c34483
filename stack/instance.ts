import { rm } from 'node:fs/promises';
import type { Service } from './service.ts';

/** A program that runs in a folder of its own: what can be done with it, whatever it is. */
export class Instance {
  /** Where its configuration and its data are. */
  readonly folder: string;
  readonly #service: Service;
  readonly #temporary: boolean;

  /** @param temporary whether the folder goes with it */
  constructor(service: Service, folder: string, temporary: boolean) {
    this.folder = folder;
    this.#service = service;
    this.#temporary = temporary;
  }

  /** Waits until it serves; where it does not, nothing of it is left. */
  async start(): Promise<this> {
    try {
      await this.#service.start();
      return this;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  /** The end of what it wrote since its last start. */
  get output(): string {
    return this.#service.output;
  }

  /** Ends it in good order. */
  stop(): Promise<void> {
    return this.#service.stop();
  }

  /** As if its machine had gone. */
  kill(): Promise<void> {
    return this.#service.kill();
  }

  /** Starts it again, stopped first where it runs, on the same ports and data. */
  async restart(): Promise<void> {
    await this.#service.stop();
    await this.#service.start();
  }

  /** Ends it, and removes its temporary folder. */
  async close(): Promise<void> {
    await this.#service.stop();
    if (this.#temporary) await rm(this.folder, { recursive: true, force: true });
  }
}
