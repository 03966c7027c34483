import { reportFailure } from '../../base/guard.ts';
import { isoTime } from '../../base/iso-time.ts';
import { nextTurn } from '../../base/timers.ts';
import { forEachInTurns } from '../../base/yield.ts';
import { OWN_PACKAGE } from '../../config/own-package.ts';
import type { Config } from '../../config/variables.ts';
import type { MergedSeries } from '../../processes/process-group.ts';
import type { ApmSnapshot } from '../../snapshot.ts';
import { requireToken } from '../scrape/auth.ts';
import { answerFailed, type Handler } from '../scrape/http-handler.ts';
import { send } from '../scrape/send.ts';
import { trackSlowReaders } from '../scrape/slow-readers.ts';
import { writeSnapshot } from './write.ts';

const HEADERS = { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' };

/**
 * Answers with what all processes of the service have counted, as JSON. It acknowledges nothing: a snapshot is no scrape,
 * and every scraper still gets all that it has not received. It requires the same token as a scrape.
 * @param collect  asks the other processes for what is new
 */
export function createSnapshotHandler(
  collect: () => Promise<MergedSeries>,
  service: ApmSnapshot['service'],
  { buckets, labels, authToken }: Config,
): Handler {
  const slowReaders = trackSlowReaders();
  const labelNames = Object.keys(labels);
  const write = async (): Promise<Buffer[]> => {
    const { series, counted, processes } = await collect();
    // Collecting many series takes a stretch of its own.
    await nextTurn();
    const time = isoTime(Date.now());
    const head = { format: 1, package: OWN_PACKAGE, service, time, counted, processes, bounds: buckets } as const;
    const pieces: Buffer[] = [];
    await forEachInTurns(writeSnapshot(head, series, labelNames), (text) => pieces.push(Buffer.from(text)));
    return pieces;
  };
  // As for scrapes: a hundred readers at once cost as much as one.
  let running: Promise<Buffer[]> | undefined;
  const make = async () => {
    running ??= write().finally(() => {
      running = undefined;
    });
    return { pieces: await running };
  };
  return requireToken(authToken, (request, response) => {
    return send(request, response, { make, headers: HEADERS, slowReaders }).catch((cause) => {
      reportFailure('answer with a snapshot', cause);
      answerFailed(response);
    });
  });
}
