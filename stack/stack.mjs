/**
 * Runs the whole stack on this machine, without Docker: the demo's shop pushes to a Collector, which Prometheus scrapes.
 * All use the shipped configuration. A program that is not on PATH is built with Go the first time.
 *
 *   npm run stack                     runs until Ctrl-C
 *   npm run stack -- --seconds 120    ends after 120 s
 */
import { setTimeout as wait } from 'node:timers/promises';
import { parseSeconds } from '../demo/args.mjs';
import { startPayments } from '../demo/payments.mjs';
import { startService } from '../demo/service-process.mjs';
import { watchShutdown } from '../demo/shutdown.mjs';
import { startTraffic } from '../demo/traffic.mjs';
import { listAddresses } from './addresses.ts';
import { startCollector } from './collector.ts';
import { findProgram } from './programs.ts';
import { startPrometheus } from './prometheus.ts';
import { shippedPrometheus } from './shipped-config.ts';

/** Shorter than the default of 15 s, because a person waits for the first figures. */
const PUSH_INTERVAL_SECONDS = 5;
/** The longest delay of a timer: 24 days. */
const MAX_TIMER_MS = 2 ** 31 - 1;

const shutdown = watchShutdown();
const { signal } = shutdown.controller;
/** Stops what was started; the last one first. */
const stopFunctions = [];
const onEnd = (stop) => stopFunctions.unshift(stop);

async function startShop(collector) {
  const payments = await startPayments();
  onEnd(() => payments.close());
  const settings = collector
    ? {
        OTEL_METRICS_EXPORTER: 'otlp',
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_METRIC_EXPORT_INTERVAL: String(PUSH_INTERVAL_SECONDS * 1000),
        OTEL_METRIC_EXPORT_TIMEOUT: String(PUSH_INTERVAL_SECONDS * 1000),
      }
    : undefined;
  const service = await startService(payments.url, console.log, settings);
  onEnd(() => service.stop());
  service.ended.then((how) => {
    if (!signal.aborted) shutdown.controller.abort(new Error(`the shop ended (${how})`));
  });
  const { url, metrics } = await service.ready;
  return { url, metrics, pid: service.pid };
}

async function stack() {
  const seconds = parseSeconds();
  const onPath = await findProgram('system-prometheus');
  // Any version on PATH is preferred: an installed package has its web pages, a plain build has none.
  const prometheusProgram = 'path' in onPath ? onPath : await findProgram('prometheus');
  if ('missing' in prometheusProgram) throw new Error(`Prometheus is missing: ${prometheusProgram.missing}`);
  const collectorProgram = await findProgram('collector');
  if ('missing' in collectorProgram)
    console.log(`The Collector is missing, so Prometheus scrapes the shop directly: ${collectorProgram.missing}`);
  if (signal.aborted) return;

  const collector = 'path' in collectorProgram ? await startCollector({ program: collectorProgram }) : undefined;
  if (collector) onEnd(() => collector.close());
  const shop = await startShop(collector);
  const target = (address) => [{ targets: [address] }];
  const targets = collector
    ? { collector: target(collector.address), otelcol: target(collector.ownAddress) }
    : { services: [{ targets: [new URL(shop.metrics).host], labels: { job: 'shop' } }] };
  const prometheus = await startPrometheus(shippedPrometheus(prometheusProgram, targets, `${PUSH_INTERVAL_SECONDS}s`));
  onEnd(() => prometheus.close());
  const traffic = startTraffic(shop.url, signal);
  onEnd(() => console.log(`\nEnded; ${traffic.sent} requests were sent.`));

  console.log(await listAddresses({ shop, collector, prometheus }));
  const howLong =
    seconds < Infinity ? `The stack ends after ${seconds} s.` : 'Press Ctrl-C to end everything; the data is deleted.';
  if (!shutdown.requested) console.log(`\nThe first figures appear after about 30 s. ${howLong}`);
  await wait(Math.min(seconds * 1000, MAX_TIMER_MS), undefined, { signal });
}

try {
  await stack();
} catch (error) {
  if (!shutdown.requested) {
    console.error(`The stack failed: ${(signal.reason?.name === 'Error' ? signal.reason : error).message}`);
    process.exitCode = 1;
  }
} finally {
  shutdown.controller.abort();
  for (const stop of stopFunctions) await stop();
}
