import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { fetchStatus } from '../../../fetch-status.ts';
import { BadInput } from '../../../input-error.ts';
import type { Block, Side } from '../../model.ts';
import { Bounds } from '../history.ts';
import { metricsPath, type Scrape, scrapeOf, scrapeUrl } from '../scrape.ts';
import { window } from '../snapshots/snapshots.ts';
import { Command } from './child-command.ts';
import { orders } from './round-order.ts';

/**
 * @property rounds   how many; each runs both sides once
 * @property a        a command that starts a service, and runs until it is ended
 * @property b        likewise
 * @property load     a command that puts the load on it, and ends
 * @property env      of all of them; the service's metrics are asked for with its APM_AUTH_TOKEN
 * @property token    what APM_AUTH_TOKEN has, read
 * @property preload  URL of the module that measures; this package's by default
 * @property patience seconds until the service has to answer; 60 by default
 * @property chance   0 to 1, for the order in each round; Math.random by default
 * @property check    is told the first run of each side, and may refuse it by a BadInput
 * @property say      is told each run
 */
export interface RoundsOptions {
  readonly rounds: number;
  readonly a: string;
  readonly b: string;
  readonly load: string;
  readonly env: NodeJS.ProcessEnv;
  readonly token?: string | undefined;
  readonly preload?: string;
  readonly patience?: number;
  readonly signal?: AbortSignal;
  readonly chance?: () => number;
  check?(side: Side): void;
  say?(line: string): void;
}

type Name = 'a' | 'b';

/**
 * Runs two builds under the same load, both in each round, in an order made by chance: see `orders`. Block i of a side is round i. Each run has a process of its own, which is ended, and gone, before the next.
 *
 * The service gets the preload by NODE_OPTIONS, unless its command names it, and its metrics a free port. It is ready when
 * they answer: that is when it listens. The load gets SIDE, ROUND and APM_METRICS_URL.
 * @throws BadInput with one line, where a service ends or a load fails; the signal's reason, where that aborts. Nothing
 *         that was started is left in either case
 */
export async function sidesOfRounds(options: RoundsOptions): Promise<[a: Side, b: Side]> {
  const { rounds, signal } = options;
  if (process.platform === 'win32')
    throw new BadInput('--rounds needs process groups, which Windows has not; run it in WSL');
  const bounds = new Bounds();
  const blocks: Record<Name, Block[]> = { a: [], b: [] };
  for (const [i, order] of orders(rounds, options.chance).entries()) {
    const round = i + 1;
    for (const name of order === 'ab' ? (['a', 'b'] as const) : (['b', 'a'] as const)) {
      signal?.throwIfAborted();
      const block = await run(options, name, round, bounds);
      if (round === 1) options.check?.({ name, bounds: bounds.seconds, blocks: [block] });
      blocks[name].push(block);
      const requests = [...block.endpoints.values()].reduce((sum, each) => sum + each.requests, 0);
      options.say?.(
        `round ${round} of ${rounds}, ${name}: ${requests} requests in ${(block.to - block.from).toFixed(1)} s`,
      );
    }
  }
  return [
    { name: 'a', bounds: bounds.seconds, blocks: blocks.a },
    { name: 'b', bounds: bounds.seconds, blocks: blocks.b },
  ];
}

async function run(options: RoundsOptions, name: Name, round: number, bounds: Bounds): Promise<Block> {
  const { env, token, signal } = options;
  const port = await freePort();
  const who = `round ${round}, ${name}`;
  const asking: Asking = { url: `http://localhost:${port}${metricsPath(env)}`, token, over: new AbortController() };
  const interrupt = () => asking.over.abort(signal?.reason);
  const service = new Command(options[name], serviceEnv(options, name, port));
  let load: Command | undefined;
  const ended = service.ended.then((how) => {
    throw new BadInput(
      `${who}: the service ended (${how}): ${service.lastOutput}; see that its command runs until it is ended`,
    );
  });
  const interrupted = new Promise<never>((_, reject) => {
    asking.over.signal.addEventListener('abort', () => reject(asking.over.signal.reason));
  });
  for (const each of [ended, interrupted]) each.catch(() => {});
  const orFails = <T>(work: Promise<T>) => Promise.race([work, ended, interrupted]);
  signal?.addEventListener('abort', interrupt);
  let block: Block;
  try {
    // Somebody may have taken the port meanwhile: then the service has the next one, and says so.
    const moved = () => service.said(/^\[@org\/apm\] .*metrics at (http:\S+) instead;/gm);
    const first = await orFails(ready(asking, moved, who, options.patience));
    load = new Command(options.load, { ...env, APM_METRICS_URL: asking.url, SIDE: name, ROUND: String(round) });
    const how = await orFails(load.ended);
    if (!load.isDone) throw new BadInput(`${who}: the load failed (${how}): ${load.lastOutput}`);
    const last = await orFails(settled(asking));
    const both = [first, last].map((scrape) => ({ time: scrape.time, read: async () => scrape }));
    block = (await window(who, both, bounds)).side(bounds).blocks[0] as Block;
    if (block.endpoints.size === 0)
      throw new BadInput(`${who}: the load sent the service no request; see that it goes to the port of the service`);
  } finally {
    signal?.removeEventListener('abort', interrupt);
    asking.over.abort();
    await Promise.all([load?.end(), service.end()]);
  }
  await refuseSurvivor(who, new URL(asking.url).port);
  return block;
}

/** What has left its process group runs on, and would be what the next run measures. @throws BadInput */
async function refuseSurvivor(who: string, port: string): Promise<void> {
  const socket = connect(Number(port), 'localhost');
  const isThere = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  });
  socket.destroy();
  if (!isThere) return;
  throw new BadInput(
    `${who}: the service runs on after its command was ended; end it, and see that its command stays in the foreground: no daemon, no setsid, no docker run -d`,
  );
}

function serviceEnv({ env, a, b, preload = PRELOAD }: RoundsOptions, name: Name, port: number): NodeJS.ProcessEnv {
  const { NODE_OPTIONS = '', APM_METRICS_ON_APP: _onApp, ...rest } = env;
  const isIn = /@org\/apm\/register/.test(`${name === 'a' ? a : b} ${NODE_OPTIONS}`);
  return {
    ...rest,
    NODE_OPTIONS: isIn ? NODE_OPTIONS : `${NODE_OPTIONS} --import ${preload}`.trim(),
    OTEL_METRICS_EXPORTER: 'prometheus',
    OTEL_EXPORTER_PROMETHEUS_HOST: 'localhost',
    OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
    OTEL_SDK_DISABLED: 'false',
    APM_PAGE: 'false',
  };
}

const PRELOAD = new URL('../../../../register.js', import.meta.url).href;

/** @property over  aborted when the run is, so that nobody goes on asking */
interface Asking {
  url: string;
  readonly token: string | undefined;
  readonly over: AbortController;
}

async function scrape({ url, token, over }: Asking): Promise<Scrape> {
  const text = await scrapeUrl(url, { token, signal: over.signal });
  return scrapeOf(text, url, Date.now() / 1000);
}

/** The first scrape of a service that listens. */
async function ready(asking: Asking, moved: () => string | undefined, who: string, patience = 60): Promise<Scrape> {
  const end = performance.now() + patience * 1000;
  for (;;) {
    let why = 'it does not listen';
    const origin = moved();
    if (origin !== undefined) asking.url = `${origin}${new URL(asking.url).pathname}`;
    try {
      const first = await scrape(asking);
      if (await listens(asking)) return first;
    } catch (error) {
      if (!(error instanceof BadInput)) throw error;
      why = error.message.split(';')[0] as string;
    }
    if (performance.now() > end) {
      throw new BadInput(
        `${who}: not ready within ${patience} s: ${why}; see that the service listens by then, and that its command keeps NODE_OPTIONS and OTEL_EXPORTER_PROMETHEUS_PORT`,
      );
    }
    await wait(50, undefined, { signal: asking.over.signal });
  }
}

/** Where an app has instruments of its own, its metrics answer before it listens; where it has workers, those listen. */
async function listens({ url, token }: Asking): Promise<boolean> {
  const answer = await fetchStatus({ origin: new URL(url).origin, paths: ['/status'], shown: url }, token);
  if (answer.kind !== 'status') return true;
  const { servers, processes } = answer.status;
  return servers.length > 0 || (processes?.others.length ?? 0) > 0;
}

/** Milliseconds for requests that the load did not wait for. */
const SETTLE = 2_000;
const ACTIVE = /^http_(server_)?active_requests$/;

/** A scrape when nothing is being answered any more: a client may know of an answer's end before its server does. */
async function settled(asking: Asking): Promise<Scrape> {
  const end = performance.now() + SETTLE;
  for (;;) {
    const last = await scrape(asking);
    const active = last.stored.filter(({ name, samples }) => ACTIVE.test(name) && (samples[0]?.[1] ?? 0) > 0);
    if (active.length === 0 || performance.now() > end) return last;
    await wait(20, undefined, { signal: asking.over.signal });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, 'localhost');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
