import { now } from '../../base/clock.ts';
import { guard, reportFailure } from '../../base/guard.ts';
import { repeat } from '../../base/repeat.ts';
import { clearInterval, nextTurn } from '../../base/timers.ts';
import { forEachInTurns } from '../../base/yield.ts';
import type { Config } from '../../config/variables.ts';
import type { Handler } from '../../expose/scrape/http-handler.ts';
import { createDeltaTaker } from '../../metrics/deltas.ts';
import type { ProcessSeries } from '../../metrics/process-series.ts';
import { VitalsReader } from '../../metrics/vitals.ts';
import type { GroupObserver } from '../../processes/group-observer.ts';
import type { PageData } from '../protocol.ts';
import { createPageHandlers, pagePath } from './handlers.ts';
import { History } from './history.ts';

const INTERVAL_MS = 5_000;

export interface LivePageOptions {
  readonly config: Config;
  readonly service: PageData['service'];
  /** This process, or this thread of one. */
  readonly pid: string;
  readonly series: ProcessSeries;
  /** Whether it is known which request makes an outgoing call. */
  readonly hasContext: boolean;
  /** Whether this process serves the metrics, and so the page. */
  readonly isScraped: () => boolean;
}

/** The live page of a process: its handlers, and the half hour it shows. */
export interface LivePage {
  /** Path of the page on the metrics server. */
  readonly path: string;
  readonly handlers: Readonly<Record<string, Handler>>;
  readonly observer: GroupObserver;
  readonly vitals: VitalsReader;
  /** Starts recording; a process without a server has nothing to show. */
  start(): void;
  stop(): void;
}

export function createLivePage({ config, service, pid, series, hasContext, isScraped }: LivePageOptions): LivePage {
  const history = new History(Object.keys(config.labels));
  const vitals = new VitalsReader(series.active);
  const takeDeltas = createDeltaTaker(series.all);
  let startedAt = now();
  // In turns of the event loop, each too short to be noticed.
  const tick = async () => {
    const at = now();
    const durationMs = at - startedAt;
    startedAt = at;
    await forEachInTurns(takeDeltas.inParts(), (series) => {
      // Otherwise the page of another process shows them.
      if (isScraped()) history.onIncrements(pid, { series });
    });
    if (!isScraped()) return;
    await nextTurn();
    guard('read the vitals of this process', () => history.onVitals(pid, vitals.read()));
    await history.tick(Date.now(), durationMs);
  };
  let timer: NodeJS.Timeout | undefined;
  const origin = () => ({
    every: INTERVAL_MS,
    now: Date.now(),
    service,
    uptime: process.uptime(),
    scrape: config.metricsPath,
    slow: hasContext ? config.slow : null,
  });
  return {
    path: pagePath(config.metricsPath),
    handlers: createPageHandlers({
      data: (after) => history.pieces(after, origin()),
      lastInterval: () => history.last,
      token: config.authToken,
    }),
    observer: history,
    vitals,
    start() {
      startedAt = now();
      vitals.start();
      const record = () => tick().catch((cause) => reportFailure('record an interval of the live page', cause));
      timer = repeat(record, INTERVAL_MS);
    },
    stop() {
      clearInterval(timer);
      vitals.stop();
    },
  };
}
