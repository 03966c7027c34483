import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, type TestContext } from 'vitest';
import type { App, AppOptions } from '../support/app.ts';
import { Client } from '../support/client.ts';
import { labels, samples, until } from '../support/exposition.ts';
import { Service } from './group.ts';

/** Skips a test where this machine, or this user of it, cannot show the fault; not in silence. */
export function cannot(test: TestContext, why: string): never {
  process.stdout.write(`skipped "${test.task.name}": ${why}\n`);
  return test.skip(why);
}

/** A folder for temporary files that a test has for itself. */
export async function ownTmp(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'apm-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** The sockets, and whatever else was left, in a folder for temporary files. */
export async function leftIn(tmp: string): Promise<string[]> {
  const folders = await readdir(tmp);
  const files = await Promise.all(folders.map((folder) => readdir(join(tmp, folder)).catch(() => [])));
  return files.flat();
}

export const startOne = (service: Service, options?: AppOptions): Promise<App> =>
  service.start('fault-server.mjs', options);

/** The socket at which processes with this folder for temporary files meet. */
export async function socketIn(tmp: string): Promise<string> {
  const [folder = ''] = await readdir(tmp);
  const [name = ''] = await readdir(join(tmp, folder));
  return join(tmp, folder, name);
}

/** So many processes that have found each other; the first is the one that is scraped. */
export async function startGroup(
  count: number,
  options?: AppOptions,
): Promise<{ service: Service; apps: [App, ...App[]] }> {
  const service = await Service.create();
  const first = await startOne(service, options);
  await first.said(/metrics at/);
  const others = await Promise.all(Array.from({ length: count - 1 }, () => startOne(service, options)));
  await service.merged(count);
  return { service, apps: [first, ...others] };
}

interface Status {
  pid: number;
  processes: { scrapedBy: string; others: { pid: string; late: boolean }[] } | null;
  warnings: { about: string; text: string }[];
}

/** What the process that has this metrics port says of itself. */
export const statusAt = async (port: string | number): Promise<Status> =>
  (await (await fetch(`http://localhost:${port}/status`)).json()) as Status;

/** Whose answer the scrape is, once one answers that is none of these. */
export const ownerOf = ({ port }: Service, notOf: readonly App[] = []): Promise<number | undefined> =>
  until(
    () =>
      statusAt(port).then(
        ({ pid }) => pid,
        () => undefined,
      ),
    (pid) => pid !== undefined && !notOf.some(({ child }) => child.pid === pid),
  );

/** The requests counted under each path. */
export function byPath(text: string): Record<string, number> {
  const found: Record<string, number> = {};
  for (const [sample, value] of Object.entries(samples(text))) {
    if (!sample.startsWith('http_requests_total{')) continue;
    const { path = '' } = labels(sample);
    found[path] = (found[path] ?? 0) + value;
  }
  return found;
}

/** Requests to one app on one path, one after the other on a few connections, until it is stopped or the app is gone. */
export class Load {
  acknowledged = 0;
  #stopped = false;
  readonly #over: Promise<unknown>;

  constructor(app: App, path: string, connections = 4) {
    const client = new Client(connections);
    const run = async () => {
      while (!this.#stopped) {
        await client.send(app.port, `GET ${path}`);
        this.acknowledged++;
      }
    };
    // Who is killed answers nobody any more.
    this.#over = Promise.allSettled(Array.from({ length: connections }, run)).then(() => client.close());
    onTestFinished(async () => void (await this.stop()));
  }

  async stop(): Promise<number> {
    this.#stopped = true;
    await this.#over;
    return this.acknowledged;
  }
}

/** Which counters a scrape has: series that must not go backwards while the process that is scraped lives. */
const isCounter = (sample: string): boolean => /^\w+_(total|bucket|count|sum)(\{|$)/.test(sample);

/**
 * What Prometheus makes of a counter's samples: the sum of their increases, where one that is lower than the last began
 * anew at zero.
 */
export class Increases {
  readonly sum: Record<string, number> = {};
  readonly #resets: Record<string, number> = {};
  readonly #last: Record<string, number> = {};

  see(text: string): void {
    for (const [sample, value] of Object.entries(samples(text)).filter(([name]) => isCounter(name))) {
      const last = this.#last[sample] ?? 0;
      if (value < last) this.#resets[sample] = (this.#resets[sample] ?? 0) + 1;
      this.sum[sample] = (this.sum[sample] ?? 0) + (value < last ? value : value - last);
      this.#last[sample] = value;
    }
  }

  /** How often any one series began anew: all do when another process takes over, each when its process has joined. */
  get resets(): number {
    return Math.max(0, ...Object.values(this.#resets));
  }

  /** Requests under each path, told twice: by the counter and by the histogram. */
  of(path: string): number {
    const counted = this.sum[`http_requests_total{path="${path}",method="GET",status_code="200"}`] ?? 0;
    expect(this.sum[`http_duration_count{path="${path}",method="GET"}`] ?? 0).toBe(counted);
    return counted;
  }
}
