import { connect } from 'node:net';
import type { Block } from '../../../../statistics/model.ts';
import { InputError } from '../../../input-error.ts';
import { preloadUrl } from '../../../preload-url.ts';
import { metricsPath } from '../fetch-scrape.ts';
import type { SharedBounds } from '../history.ts';
import { loadWindow } from '../snapshots/window.ts';
import { ChildCommand } from './child-command.ts';
import { findFreePort } from './free-port.ts';
import { type MetricsEndpoint, scrapeWhenIdle, scrapeWhenReady } from './metrics-endpoint.ts';

export type SideName = 'a' | 'b';

/**
 * @property a                    a command that starts a service and keeps running
 * @property b                    likewise
 * @property load                 a command that sends requests to the service and exits
 * @property env                  of all commands
 * @property token                APM_AUTH_TOKEN of the service
 * @property prefix               of the names of the metrics; none by default
 * @property preload              URL of the preload; this package's by default
 * @property readyTimeoutSeconds  until the service must answer; 60 by default
 */
export interface RunOptions {
  readonly a: string;
  readonly b: string;
  readonly load: string;
  readonly env: NodeJS.ProcessEnv;
  readonly token?: string | undefined;
  readonly prefix?: string | undefined;
  readonly preload?: string;
  readonly readyTimeoutSeconds?: number;
  readonly signal?: AbortSignal;
}

/**
 * One run: starts the service, scrapes it, runs the load, scrapes again, and stops everything.
 *
 * The service gets the preload by NODE_OPTIONS, unless its command already has it, and a free port for its metrics. It
 * is ready when the metrics answer. The load gets SIDE, ROUND and APM_METRICS_URL.
 * @throws InputError
 */
export async function runSide(
  options: RunOptions,
  name: SideName,
  round: number,
  bounds: SharedBounds,
): Promise<Block> {
  const { env, token, prefix = '', signal } = options;
  const port = await findFreePort();
  const title = `round ${round}, ${name}`;
  const over = new AbortController();
  const url = `http://localhost:${port}${metricsPath(env)}`;
  const endpoint: MetricsEndpoint = { url, token, prefix, signal: over.signal };
  const interrupt = () => over.abort(signal?.reason);
  const service = new ChildCommand(options[name], serviceEnv(options, name, port));
  let load: ChildCommand | undefined;
  const exited = service.exited.then((how) => {
    throw new InputError(
      `${title}: the service exited (${how}): ${service.outputSummary}; its command must keep running until it is stopped`,
    );
  });
  const interrupted = new Promise<never>((_, reject) => {
    over.signal.addEventListener('abort', () => reject(over.signal.reason));
  });
  for (const failure of [exited, interrupted]) failure.catch(() => {});
  const orFail = <T>(work: Promise<T>) => Promise.race([work, exited, interrupted]);
  signal?.addEventListener('abort', interrupt);
  let block: Block;
  try {
    // If another program took the port meanwhile, the service uses another one and logs it.
    const movedTo = () => service.findInOutput(/^\[@org\/apm\] .*metrics at (http:\S+) instead;/gm);
    const first = await orFail(scrapeWhenReady(endpoint, movedTo, title, options.readyTimeoutSeconds));
    load = new ChildCommand(options.load, { ...env, APM_METRICS_URL: endpoint.url, SIDE: name, ROUND: String(round) });
    const how = await orFail(load.exited);
    if (!load.hasSucceeded) throw new InputError(`${title}: the load failed (${how}): ${load.outputSummary}`);
    const last = await orFail(scrapeWhenIdle(endpoint));
    const snapshots = [first, last].map((scrape) => ({ time: scrape.time, read: async () => scrape }));
    block = (await loadWindow(title, snapshots, bounds)).buildSide(bounds).blocks[0] as Block;
    if (block.endpoints.size === 0)
      throw new InputError(`${title}: the service got no request; check that the load uses the port of the service`);
  } finally {
    signal?.removeEventListener('abort', interrupt);
    over.abort();
    await Promise.all([load?.stop(), service.stop()]);
  }
  await assertStopped(title, new URL(endpoint.url).port);
  return block;
}

/** A process that left its group keeps running, and the next run would measure it. @throws InputError */
async function assertStopped(title: string, port: string): Promise<void> {
  const socket = connect(Number(port), 'localhost');
  const isListening = await new Promise<boolean>((resolve) => {
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  });
  socket.destroy();
  if (!isListening) return;
  throw new InputError(
    `${title}: the service still runs after its command was stopped; stop it, and keep the command in the foreground: no daemon, no setsid, no docker run -d`,
  );
}

function serviceEnv(
  { env, a, b, preload = preloadUrl() }: RunOptions,
  name: SideName,
  port: number,
): NodeJS.ProcessEnv {
  const { NODE_OPTIONS = '', APM_METRICS_ON_APP: _onApp, ...rest } = env;
  const hasPreload = /@org\/apm\/register/.test(`${name === 'a' ? a : b} ${NODE_OPTIONS}`);
  return {
    ...rest,
    NODE_OPTIONS: hasPreload ? NODE_OPTIONS : `${NODE_OPTIONS} --import ${preload}`.trim(),
    OTEL_METRICS_EXPORTER: 'prometheus',
    OTEL_EXPORTER_PROMETHEUS_HOST: 'localhost',
    OTEL_EXPORTER_PROMETHEUS_PORT: String(port),
    OTEL_SDK_DISABLED: 'false',
    APM_PAGE: 'false',
  };
}
