/**
 * The whole way to a dashboard on this machine, without Docker: the demo's shop pushes to a Collector, which Prometheus
 * scrapes, all with the configuration that is shipped. What is not on PATH is built with Go, once.
 *
 *   npm run stack                     until Ctrl-C
 *   npm run stack -- --seconds 120    ends by itself
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

/** Quicker than the 15 s of a service, for somebody who sits and waits. */
const PUSH_INTERVAL_SECONDS = 5;
/** Milliseconds, 24 days. */
const MAX_TIMER_MS = 2 ** 31 - 1;

const shutdown = watchShutdown();
const { signal } = shutdown.controller;
/** What has to be ended, the last one first. */
const running = [];
const endLater = (what, stop) => {
  running.unshift(stop);
  return what;
};

async function startShop(collector) {
  const payments = await startPayments();
  endLater(payments, () => payments.close());
  const settings = collector
    ? {
        OTEL_METRICS_EXPORTER: 'otlp',
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_METRIC_EXPORT_INTERVAL: String(PUSH_INTERVAL_SECONDS * 1000),
        OTEL_METRIC_EXPORT_TIMEOUT: String(PUSH_INTERVAL_SECONDS * 1000),
      }
    : undefined;
  const service = await startService(payments.url, console.log, settings);
  endLater(service, () => service.stop());
  service.ended.then((how) => {
    if (!signal.aborted) shutdown.controller.abort(new Error(`the shop ended (${how})`));
  });
  const { url, metrics } = await service.ready;
  return { url, metrics, pid: service.pid };
}

async function stack() {
  const seconds = parseSeconds();
  const onPath = await findProgram('system-prometheus');
  // One on PATH, of whatever version: a package has its pages, which a plain build has not.
  const prometheusProgram = 'path' in onPath ? onPath : await findProgram('prometheus');
  if ('missing' in prometheusProgram) throw new Error(`no Prometheus: ${prometheusProgram.missing}`);
  const collectorProgram = await findProgram('collector');
  if ('missing' in collectorProgram)
    console.log(`No Collector, so Prometheus scrapes the shop: ${collectorProgram.missing}`);
  if (signal.aborted) return;

  const collector = 'path' in collectorProgram ? await startCollector({ program: collectorProgram }) : undefined;
  if (collector) endLater(collector, () => collector.close());
  const shop = await startShop(collector);
  const target = (address) => [{ targets: [address] }];
  const targets = collector
    ? { collector: target(collector.address), otelcol: target(collector.ownAddress) }
    : { services: [{ targets: [new URL(shop.metrics).host], labels: { job: 'shop' } }] };
  const prometheus = await startPrometheus(shippedPrometheus(prometheusProgram, targets, `${PUSH_INTERVAL_SECONDS}s`));
  endLater(prometheus, () => prometheus.close());
  const traffic = startTraffic(shop.url, signal);
  endLater(traffic, () => console.log(`\nEnded; ${traffic.sent} requests were sent.`));

  console.log(await listAddresses({ shop, collector, prometheus }));
  const howLong = seconds < Infinity ? `This takes ${seconds} s.` : 'Ctrl-C ends it all, and its data goes with it.';
  if (!shutdown.requested) console.log(`\nThe first figures are there in half a minute. ${howLong}`);
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
  for (const stop of running) await stop();
}
