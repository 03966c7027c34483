/** Starts the shop as any service is started under the preload: `node --import @org/apm/register service.mjs`. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const register = new URL('../dist/register.js', import.meta.url).href;
const service = fileURLToPath(new URL('service.mjs', import.meta.url));
const SECONDS_TO_START = 30;

/** The port wanted, or 0 (any) when it cannot be had: something listens there already, a second demo perhaps. */
async function freePort(port) {
  const probe = createServer();
  try {
    probe.listen(port, 'localhost');
    await once(probe, 'listening');
    return port;
  } catch {
    return 0;
  } finally {
    probe.close();
  }
}

/** The demo shows the defaults: settings of the developer's own shell stay out of it. */
function environment(payments, settings) {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(OTEL|APM)_/.test(name));
  return { ...Object.fromEntries(inherited), PAYMENTS_URL: payments, ...settings };
}

/**
 * @param payments  where the payment provider is
 * @param note      takes each line the service says, those with its addresses aside
 * @param settings  variables of the service; by default only the port of its metrics, which may be set outside
 */
export async function startService(payments, note, settings) {
  const port = async () => String(await freePort(Number(process.env.OTEL_EXPORTER_PROMETHEUS_PORT ?? 9464)));
  const env = environment(payments, settings ?? { OTEL_EXPORTER_PROMETHEUS_PORT: await port() });
  const child = fork(service, { execArgv: ['--import', register], env, silent: true });

  const ended = new Promise((resolve) => {
    child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
    child.once('error', (error) => resolve(error.message));
  });

  const ready = new Promise((resolve, reject) => {
    const found = {};
    const hear = (line) => {
      const [, url] = /^the shop is open at (\S+)$/.exec(line) ?? [];
      const [, metrics, page] =
        /^\[@org\/apm\] metrics (?:at|pushed to) (\S+)(?: \(live page: (\S+)\))?/.exec(line) ?? [];
      if (!url && !metrics) note(line);
      if (url) found.url = url;
      if (metrics) Object.assign(found, { metrics, page });
      if (found.url && found.metrics) resolve(found);
    };
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', hear);
    const missing = () => (found.url ? 'said where its metrics are' : 'listened');
    const late = () => reject(new Error(`the service has not ${missing()} within ${SECONDS_TO_START} s`));
    setTimeout(late, SECONDS_TO_START * 1000).unref();
  });

  async function stop() {
    child.kill();
    const force = setTimeout(() => child.kill('SIGKILL'), 2000);
    await ended;
    clearTimeout(force);
  }
  return { pid: child.pid, ready, ended, stop };
}
