/**
 * A service in trouble, and what its metrics say about it: starts the shop under the preload, sends it customers, and
 * shows the figures of each endpoint, computed from the very text that Prometheus would scrape.
 *
 *   npm run demo                    until Ctrl-C
 *   npm run demo -- --seconds 20    ends by itself
 */
import { setTimeout as wait } from 'node:timers/promises';
import { secondsWanted } from './args.mjs';
import { startPayments } from './payments.mjs';
import { figures, parse } from './scrape.mjs';
import { screen } from './screen.mjs';
import { theEnd } from './shutdown.mjs';
import { startService } from './start.mjs';
import { table } from './table.mjs';
import { startTraffic } from './traffic.mjs';

const EVERY_SECONDS = 2;
const WINDOW_SECONDS = 20;

const { show, say } = screen(process.stdout);
const end = theEnd();
const over = end.controller;
const interrupted = new Promise((_, reject) => {
  over.signal.addEventListener('abort', () => reject(over.signal.reason));
});
interrupted.catch(() => {});

async function scrape(url) {
  const response = await fetch(url, { signal: AbortSignal.any([over.signal, AbortSignal.timeout(10_000)]) });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return { at: performance.now() / 1000, endpoints: parse(await response.text()) };
}

/** Prints a table every other second: what the newest scrape counts more than the oldest one within the window. */
async function watch(metrics, seconds, first) {
  const scrapes = [first];
  while (scrapes.at(-1).at - first.at < seconds) {
    const left = first.at + seconds - performance.now() / 1000;
    await wait(Math.min(EVERY_SECONDS, left) * 1000, undefined, { signal: over.signal });
    scrapes.push(await scrape(metrics));
    const newest = scrapes.at(-1);
    while (newest.at - scrapes[0].at > WINDOW_SECONDS + EVERY_SECONDS / 2) scrapes.shift();
    show(table(figures(scrapes[0], newest), newest.at - scrapes[0].at));
  }
}

let traffic;

async function demo() {
  const seconds = secondsWanted();
  const payments = await startPayments();
  const service = await startService(payments.url, say);
  service.ended.then((how) => (how === 'SIGINT' ? end.ask() : over.abort(new Error(`the service ended (${how})`))));
  try {
    const { url, metrics, page } = await Promise.race([service.ready, interrupted]);
    say(`A shop at ${url} (pid ${service.pid}); ${payments.url} takes its payments.`);
    say(`Its live page, to open in a browser: ${page}`);
    say(`Its metrics, as Prometheus reads them: ${metrics}`);
    say(seconds < Number.POSITIVE_INFINITY ? `This takes ${seconds} s.` : 'Ctrl-C ends this.');
    const first = await scrape(metrics);
    traffic = startTraffic(url, over.signal);
    await watch(metrics, seconds, first);
  } finally {
    over.abort();
    payments.close();
    await service.stop();
  }
}

try {
  await demo();
} catch (error) {
  // Only here, with the service's end seen, is it certain whether a failure was somebody's Ctrl-C.
  if (!end.asked) {
    const why = over.signal.reason?.name === 'Error' ? over.signal.reason : error;
    console.error(`The demo failed: ${why.message}${why.cause ? ` (${why.cause.message})` : ''}`);
    process.exitCode = 1;
  }
}
if (process.exitCode !== 1) {
  const unanswered = traffic?.unanswered ? `, ${traffic.unanswered} of them without an answer` : '';
  say(traffic ? `\nEnded; ${traffic.sent} requests were sent${unanswered}.` : '\nEnded.');
}
