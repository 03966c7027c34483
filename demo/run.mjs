/**
 * Shows a service with a slow endpoint, and what its metrics say about it. It starts the shop with the preload, sends
 * requests to it, and prints the figures of its live page for each endpoint.
 *
 *   npm run demo                    runs until Ctrl-C
 *   npm run demo -- --seconds 20    ends after 20 s
 */
import { setTimeout as wait } from 'node:timers/promises';
import { parseSeconds } from './args.mjs';
import { computeFigures, parseSnapshot } from './figures.mjs';
import { startPayments } from './payments.mjs';
import { createScreen } from './screen.mjs';
import { startService } from './service-process.mjs';
import { watchShutdown } from './shutdown.mjs';
import { formatTable } from './table.mjs';
import { startTraffic } from './traffic.mjs';

const INTERVAL_SECONDS = 2;
const WINDOW_SECONDS = 20;

const { showBlock, printLine } = createScreen(process.stdout);
const shutdown = watchShutdown();
const controller = shutdown.controller;
const aborted = new Promise((_, reject) => {
  controller.signal.addEventListener('abort', () => reject(controller.signal.reason));
});
aborted.catch(() => {});

async function takeSnapshot(metrics) {
  const url = new URL('/snapshot', metrics);
  // Not `AbortSignal.any`: Node 20 may collect such a signal as garbage, and then it aborts nothing.
  const response = await Promise.race([fetch(url, { signal: AbortSignal.timeout(10_000) }), aborted]);
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  const snapshot = await Promise.race([response.json(), aborted]);
  return { at: performance.now() / 1000, endpoints: parseSnapshot(snapshot) };
}

/** Prints a table every two seconds: the difference between the newest snapshot and the oldest one within the window. */
async function watch(metrics, seconds, first) {
  const snapshots = [first];
  while (snapshots.at(-1).at - first.at < seconds) {
    const remainingSeconds = first.at + seconds - performance.now() / 1000;
    await wait(Math.min(INTERVAL_SECONDS, remainingSeconds) * 1000, undefined, { signal: controller.signal });
    snapshots.push(await takeSnapshot(metrics));
    const newest = snapshots.at(-1);
    while (newest.at - snapshots[0].at > WINDOW_SECONDS + INTERVAL_SECONDS / 2) snapshots.shift();
    showBlock(formatTable(computeFigures(snapshots[0], newest), newest.at - snapshots[0].at));
  }
}

let traffic;

async function demo() {
  const seconds = parseSeconds();
  const payments = await startPayments();
  const service = await startService(payments.url, printLine);
  service.ended.then((how) =>
    how === 'SIGINT' ? shutdown.request() : controller.abort(new Error(`the service ended (${how})`)),
  );
  try {
    const { url, metrics, page } = await Promise.race([service.ready, aborted]);
    printLine(`Shop: ${url} (pid ${service.pid}); it calls the payment provider at ${payments.url}`);
    printLine(`Its live page, to open in a browser: ${page}`);
    printLine(`Its metrics, to be scraped by Prometheus: ${metrics}`);
    printLine(
      seconds < Number.POSITIVE_INFINITY ? `The demo ends after ${seconds} s.` : 'Press Ctrl-C to end the demo.',
    );
    const first = await takeSnapshot(metrics);
    traffic = startTraffic(url, controller.signal);
    await watch(metrics, seconds, first);
  } finally {
    controller.abort();
    payments.close();
    await service.stop();
  }
}

try {
  await demo();
} catch (error) {
  // Ctrl-C also ends the service, which can look like a failure. By now the service has ended, so it is certain which
  // it was.
  if (!shutdown.requested) {
    const why = controller.signal.reason?.name === 'Error' ? controller.signal.reason : error;
    console.error(`The demo failed: ${why.message}${why.cause ? ` (${why.cause.message})` : ''}`);
    process.exitCode = 1;
  }
}
if (process.exitCode !== 1) {
  const unanswered = traffic?.unanswered ? `, ${traffic.unanswered} of them got no answer` : '';
  printLine(traffic ? `\nEnded; ${traffic.sent} requests were sent${unanswered}.` : '\nEnded.');
}
