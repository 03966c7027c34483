import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, type TestContext } from 'vitest';
import type { App, AppOptions } from '../support/app.ts';
import { Client } from '../support/client.ts';
import { labels, samples, until } from '../support/exposition.ts';
import { Service } from './group.ts';

/** Skips a test if this machine or this user cannot produce the fault, and prints the reason. */
export function skipBecause(test: TestContext, reason: string): never {
  process.stdout.write(`skipped "${test.task.name}": ${reason}\n`);
  return test.skip(reason);
}

/** Creates a folder for temporary files that only one test uses. */
export async function createTmp(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'apm-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The names of the sockets, and of any other file, in a folder for temporary files. */
export async function filesIn(tmp: string): Promise<string[]> {
  const folders = await readdir(tmp);
  const files = await Promise.all(folders.map((folder) => readdir(join(tmp, folder)).catch(() => [])));
  return files.flat();
}

export const startOne = (service: Service, options?: AppOptions): Promise<App> =>
  service.start('fault-server.mjs', options);

/** The path of the leader's socket, for processes with this folder for temporary files. */
export async function socketIn(tmp: string): Promise<string> {
  const [folder = ''] = await readdir(tmp);
  const [name = ''] = await readdir(join(tmp, folder));
  return join(tmp, folder, name);
}

/** Starts processes and waits until they are merged. The first one is the leader. */
export async function startGroup(
  count: number,
  options?: AppOptions,
): Promise<{ service: Service; apps: [App, ...App[]] }> {
  const service = await Service.create();
  const first = await startOne(service, options);
  await first.waitForOutput(/metrics at/);
  const others = await Promise.all(Array.from({ length: count - 1 }, () => startOne(service, options)));
  await service.merged(count);
  return { service, apps: [first, ...others] };
}

interface Status {
  pid: number;
  processes: { scrapedBy: string; others: { pid: string; late: boolean }[] } | null;
  warnings: { about: string; text: string }[];
}

/** The status of the process that serves this port. */
export const statusAt = async (port: string | number): Promise<Status> =>
  (await (await fetch(`http://localhost:${port}/status`)).json()) as Status;

/** Waits for a leader that is none of these apps. @returns its pid */
export const leaderOf = ({ port }: Service, noneOf: readonly App[] = []): Promise<number | undefined> =>
  until(
    () =>
      statusAt(port).then(
        ({ pid }) => pid,
        () => undefined,
      ),
    (pid) => pid !== undefined && !noneOf.some(({ child }) => child.pid === pid),
  );

/** The number of requests for each path. */
export function byPath(text: string): Record<string, number> {
  const found: Record<string, number> = {};
  for (const [sample, value] of Object.entries(samples(text))) {
    if (!sample.startsWith('http_requests_total{')) continue;
    const { path = '' } = labels(sample);
    found[path] = (found[path] ?? 0) + value;
  }
  return found;
}

/** Sends requests to paths of an app in turn over a few connections, until it is stopped or the app has exited. */
export class Load {
  /** How many requests the app has answered. */
  answered = 0;
  #isStopped = false;
  readonly #isOver: Promise<unknown>;

  constructor(app: App, paths: string | readonly string[], connections = 4) {
    const client = new Client(connections);
    const list = [paths].flat();
    let sent = 0;
    const run = async () => {
      while (!this.#isStopped) {
        await client.send(app.port, `GET ${list[sent++ % list.length]}`);
        this.answered++;
      }
    };
    // A killed app rejects the request that it has not answered.
    this.#isOver = Promise.allSettled(Array.from({ length: connections }, run)).then(() => client.close());
    onTestFinished(async () => void (await this.stop()));
  }

  async stop(): Promise<number> {
    this.#isStopped = true;
    await this.#isOver;
    return this.answered;
  }
}

/** Series that must not decrease while the leader lives. */
const isCounter = (sample: string): boolean => /^\w+_(total|bucket|count|sum)(\{|$)/.test(sample);

/**
 * The increase of counters as Prometheus computes it: the sum of the differences between scrapes. A counter that is lower
 * than before has started again at zero.
 */
export class Increases {
  readonly sum: Record<string, number> = {};
  readonly #resets: Record<string, number> = {};
  readonly #last: Record<string, number> = {};

  add(text: string): void {
    for (const [sample, value] of Object.entries(samples(text)).filter(([name]) => isCounter(name))) {
      const last = this.#last[sample] ?? 0;
      if (value < last) this.#resets[sample] = (this.#resets[sample] ?? 0) + 1;
      this.sum[sample] = (this.sum[sample] ?? 0) + (value < last ? value : value - last);
      this.#last[sample] = value;
    }
  }

  /** The largest number of resets of one series. Every series is reset when another process takes over. */
  get resets(): number {
    return Math.max(0, ...Object.values(this.#resets));
  }

  /** The increase of requests on a path. The counter and the histogram must agree. */
  of(path: string): number {
    const requests = this.sum[`http_requests_total{path="${path}",method="GET",status_code="200"}`] ?? 0;
    expect(this.sum[`http_duration_count{path="${path}",method="GET"}`] ?? 0).toBe(requests);
    return requests;
  }
}
