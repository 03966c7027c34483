import { clearInterval, setInterval } from 'node:timers';
import { setImmediate } from 'node:timers/promises';
import { now } from '../../base/clock.ts';
import { guard, reportFailure } from '../../base/guard.ts';
import type { Config } from '../../config/variables.ts';
import type { Handler } from '../../expose/scrape/on-app.ts';
import { SeriesProducer } from '../../metrics/otel/producer.ts';
import type { OutgoingCalls } from '../../metrics/outgoing-calls.ts';
import type { RequestSeries } from '../../metrics/series.ts';
import { Vitals } from '../../metrics/vitals.ts';
import type { GroupObserver } from '../../processes/group-observer.ts';
import type { PageData } from '../protocol.ts';
import { pageHandlers, pagePath } from './handlers.ts';
import { History } from './history.ts';

/** Milliseconds of a slot. */
const EVERY = 5_000;

export interface LiveOptions {
  readonly config: Config;
  readonly service: PageData['service'];
  /** This process, or this thread of one. */
  readonly pid: string;
  readonly series: RequestSeries;
  readonly calls: OutgoingCalls;
  /** Whether this is the process that is scraped, whose page people see. */
  readonly isScraped: () => boolean;
}

/** The live page of a process: what it answers, and the half hour it shows. */
export interface Live {
  /** Where it is on the metrics server. */
  readonly path: string;
  readonly handlers: Readonly<Record<string, Handler>>;
  readonly listener: GroupObserver;
  readonly vitals: Vitals;
  /** Begins to look; a process that serves nobody has nothing to show. */
  start(): void;
  stop(): void;
}

export function livePage({ config, service, pid, series, calls, isScraped }: LiveOptions): Live {
  const history = new History(config);
  const vitals = new Vitals(series, calls);
  const own = new SeriesProducer(series, 'delta');
  let since = now();
  // In three turns of the event loop, none of which is felt.
  const tick = async () => {
    const increments = own.read();
    const at = now();
    const ms = at - since;
    since = at;
    // Another one's page shows them.
    if (!isScraped()) return;
    await setImmediate();
    history.counted(pid, increments);
    await setImmediate();
    guard('say how this process does', () => history.vitals(pid, vitals.read()));
    history.tick(Date.now(), ms);
  };
  let timer: NodeJS.Timeout | undefined;
  const origin = () => ({
    every: EVERY,
    now: Date.now(),
    service,
    uptime: process.uptime(),
    scrape: config.metricsPath,
  });
  return {
    path: pagePath(config.metricsPath),
    handlers: pageHandlers(
      (after) => history.pieces(after, origin()),
      () => history.last,
      config.authToken,
    ),
    listener: history,
    vitals,
    start() {
      since = now();
      vitals.start();
      const ticking = () => tick().catch((cause) => reportFailure('keep what the live page shows', cause));
      timer = setInterval(ticking, EVERY).unref();
    },
    stop() {
      clearInterval(timer);
      vitals.stop();
    },
  };
}
