import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import { type App, type AppOptions, startApp } from '../support/app.ts';
import { requests, samples, until } from '../support/exposition.ts';
import { freePort } from '../support/free-port.ts';

/** A service with many processes, and the port at which all of them are scraped. */
export class Service {
  readonly name = `service-${randomUUID()}`;
  readonly port: string;

  private constructor(port: string) {
    this.port = port;
  }

  static async create(): Promise<Service> {
    return new Service(await freePort());
  }

  get env(): Record<string, string> {
    return { OTEL_SERVICE_NAME: this.name, OTEL_EXPORTER_PROMETHEUS_PORT: this.port };
  }

  start(file: string, { env, ...options }: AppOptions = {}): Promise<App> {
    return startApp(`test/apps/processes/${file}`, { ...options, env: { ...this.env, ...env } });
  }

  /** The text of a scrape; empty while no process answers. */
  async scrape(): Promise<string> {
    return fetch(`http://localhost:${this.port}/metrics`)
      .then((response) => response.text())
      .catch(() => '');
  }

  /** Waits for a scrape that merges this number of processes. */
  merged(count: number): Promise<string> {
    return until(
      () => this.scrape(),
      (text) => processCount(text) === count,
    );
  }
}

/**
 * Expects that a scrape shows exactly these requests. On a busy machine a process may answer a scrape too late: what it
 * has counted is then in a later one.
 */
export async function expectScrape(
  scrape: () => Promise<string>,
  expected: Record<string, number>,
  read: (text: string) => Record<string, number> = requests,
): Promise<void> {
  const isShown = (found: Record<string, number>) => isDeepStrictEqual(found, expected);
  expect(await until(async () => read(await scrape()), isShown).catch(async () => read(await scrape()))).toEqual(
    expected,
  );
}

/** How many processes and threads a scrape merges. */
export const processCount = (text: string): number => samples(text).apm_processes ?? (text === '' ? 0 : 1);

/** How many requests were counted, on all paths together. */
export const requestCount = (text: string): number =>
  Object.values(requests(text)).reduce((sum, count) => sum + count, 0);

/** Sends requests one after the other. */
export async function ask(port: number | string, times: number, path = '/'): Promise<void> {
  for (let i = 0; i < times; i++) await (await fetch(`http://127.0.0.1:${port}${path}`)).text();
}
