/** Starts the shop with the preload, as any service: `node --import @org/apm/register service.mjs`. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const register = new URL('../dist/register.js', import.meta.url).href;
const service = fileURLToPath(new URL('service.mjs', import.meta.url));
const START_TIMEOUT_SECONDS = 30;

/** The given port, or 0 (any free port) and why, where it is taken, for example by another demo. */
async function findPort(port) {
  const probe = createServer();
  try {
    probe.listen(port, 'localhost');
    await once(probe, 'listening');
    return { port };
  } catch ({ code }) {
    return { port: 0, why: code === 'EADDRINUSE' ? 'is taken by another process' : `cannot be opened (${code})` };
  } finally {
    probe.close();
  }
}

/** OTEL_ and APM_ settings of the developer's shell are not passed on: the demo is the same for everybody. */
function environment(payments, settings) {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(OTEL|APM)_/.test(name));
  return { ...Object.fromEntries(inherited), PAYMENTS_URL: payments, ...settings };
}

/**
 * @param payments  URL of the payment provider
 * @param onLine    gets each line that the service prints, except those with its addresses
 * @param settings  environment variables of the service; by default the port of its metrics, 9464 or the caller's
 *                  OTEL_EXPORTER_PROMETHEUS_PORT, and that the page shows where the time goes, also on Node 20 and 22
 */
export async function startService(payments, onLine, settings) {
  const wanted = Number(process.env.OTEL_EXPORTER_PROMETHEUS_PORT ?? 9464);
  const { port, why } = settings === undefined ? await findPort(wanted) : {};
  const env = environment(payments, settings ?? { OTEL_EXPORTER_PROMETHEUS_PORT: String(port), APM_CONTEXT: 'true' });
  const child = fork(service, { execArgv: ['--import', register], env, silent: true });

  const ended = new Promise((resolve) => {
    child.once('close', (code, signal) => resolve(signal ?? `exit code ${code}`));
    child.once('error', (error) => resolve(error.message));
  });

  const ready = new Promise((resolve, reject) => {
    const found = {};
    const readLine = (line) => {
      const [, url] = /^the shop is open at (\S+)$/.exec(line) ?? [];
      const [, metrics, page] =
        /^\[@org\/apm\] metrics (?:at|pushed to) (\S+)(?: \(live page: (\S+)\))?/.exec(line) ?? [];
      if (!url && !metrics) onLine(line);
      if (url) found.url = url;
      if (metrics) Object.assign(found, { metrics, page });
      if (!found.url || !found.metrics) return;
      if (why) onLine(`Port ${wanted} ${why}, so the metrics are on port ${new URL(found.metrics).port}.`);
      resolve(found);
    };
    for (const stream of [child.stdout, child.stderr]) createInterface({ input: stream }).on('line', readLine);
    const missing = () => (found.url ? 'print the address of its metrics' : 'listen');
    const late = () => reject(new Error(`the service did not ${missing()} within ${START_TIMEOUT_SECONDS} s`));
    setTimeout(late, START_TIMEOUT_SECONDS * 1000).unref();
  });

  async function stop() {
    child.kill();
    const force = setTimeout(() => child.kill('SIGKILL'), 2000);
    await ended;
    clearTimeout(force);
  }
  return { pid: child.pid, ready, ended, stop };
}
