// Real services, started fresh with their load, as `npm run demo` does; their pages are polled as a browser does it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startPayments } from '../../demo/payments.mjs';
import { startService } from '../../demo/service-process.mjs';
import { startTraffic } from '../../demo/traffic.mjs';
import { findFreePort } from '../../dist/cli/compare/sources/rounds/free-port.js';
import { Watcher } from './watcher.mjs';

const POLL_MS = 5_000;
const ANSWER_TIMEOUT_MS = 10_000;
const RETRY_MS = 2_000;

/** Watches a page for some seconds. When the service does not answer, it is asked again, as the page does. */
async function watch(watcher, page, seconds) {
  const until = performance.now() + 1000 * seconds;
  let delay = POLL_MS;
  while (performance.now() < until) {
    await wait(Math.min(delay, until - performance.now()));
    delay = POLL_MS;
    const url = new URL(`page/data?after=${encodeURIComponent(watcher.cursor)}`, page);
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS) });
      watcher.receive(await response.json());
    } catch {
      delay = RETRY_MS;
      continue;
    }
    watcher.look();
  }
}

/** `npm run demo`: a mark is set after some seconds, nothing changes, and somebody watches the comparison. */
export async function watchDemo({ secondsBefore, secondsAfter }) {
  const run = fileURLToPath(new URL('../../demo/run.mjs', import.meta.url));
  const env = { ...process.env, OTEL_EXPORTER_PROMETHEUS_PORT: '0' };
  const demo = spawn(process.execPath, [run], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(demo, 'close');
  try {
    const page = new Promise((resolve) => {
      createInterface({ input: demo.stdout }).on('line', (line) => {
        const [, url] = /live page, to open in a browser: (\S+)/.exec(line) ?? [];
        if (url) resolve(url);
      });
    });
    const failed = ended.then(([code]) => Promise.reject(new Error(`the demo ended with ${code}`)));
    failed.catch(() => {});
    const url = await Promise.race([page, failed]);
    const watcher = new Watcher();
    await Promise.race([watch(watcher, url, secondsBefore), failed]);
    watcher.setMark();
    await Promise.race([watch(watcher, url, secondsAfter), failed]);
    return watcher;
  } finally {
    demo.kill('SIGINT');
    await ended;
  }
}

/** The demo, whose shop is replaced by the fixed one after some seconds: the page sets a mark at the new version. */
export async function watchFix({ secondsBefore, secondsAfter }) {
  const payments = await startPayments();
  const controller = new AbortController();
  const ports = {
    SHOP_PORT: String(await findFreePort()),
    OTEL_EXPORTER_PROMETHEUS_PORT: String(await findFreePort()),
  };
  const start = (version, settings) =>
    startService(payments.url, () => {}, {
      ...ports,
      ...settings,
      OTEL_RESOURCE_ATTRIBUTES: `service.version=${version}`,
    });
  const watcher = new Watcher();
  let service = await start('1.0.0', {});
  try {
    const { url, page } = await service.ready;
    startTraffic(url, controller.signal);
    await watch(watcher, page, secondsBefore);
    await service.stop();
    service = await start('1.0.1', { SHOP_FIXED: '1' });
    await service.ready;
    await watch(watcher, page, secondsAfter);
    return watcher;
  } finally {
    controller.abort();
    await service.stop();
    payments.close();
  }
}
