// What is compared: one preload each, over the same server file.
import { existsSync } from 'node:fs';
import { Child, file } from './children.mjs';

const OURS = file('../dist/register.js');
if (!existsSync(OURS)) throw new Error('dist/register.js is missing: npm run build');

// A scrape port of its own choice, and room for the 10,000 series of the scrape measurement.
const oursEnv = { OTEL_EXPORTER_PROMETHEUS_PORT: '0', APM_MAX_PATHS: '20000' };

/**
 * @property preload  given to `node --import`
 * @property env      its settings
 * @property routes   false where a bare server's requests get no path, so that series are recorded directly
 */
export const bare = { name: 'bare', preload: file('variants/bare.mjs') };
/** The same once more: whatever it differs from bare by is noise, and so is that much of every other figure. */
export const again = { ...bare, name: 'again' };
export const ours = { name: 'ours', preload: OURS, env: oursEnv, routes: true };
export const oursNoOutgoing = { ...ours, name: 'oursNoOutgoing', env: { ...oursEnv, APM_OUTGOING: 'false' } };
/** Ours, but for what asks frameworks for their routes. */
export const noAdapters = { ...ours, name: 'noAdapters', preload: file('variants/no-adapters.mjs') };
export const upstream = { name: 'upstream', preload: file('variants/upstream.mjs'), routes: false };
export const promClient = { name: 'promClient', preload: file('variants/prom-client.mjs'), routes: true };

export const flags = (variant) => ['--import', variant.preload];

/** A server under a variant, listening. `metricsUrl` is undefined for bare. */
export async function startServer(variant, { nodeFlags = [], env } = {}) {
  const args = [...nodeFlags, ...flags(variant), file('app/server.js')];
  const server = new Child(args, { ...variant.env, ...env });
  await server.until(() => server.port);
  if (variant.preload !== bare.preload) {
    server.metricsUrl = await server.until(() => /metrics at (\S+)/.exec(server.stderr)?.[1]);
  }
  return server;
}

/** The load generator, aimed at these targets until told otherwise. */
export async function startLoad(targets) {
  const load = new Child([file('load.mjs')]);
  await load.ask('aim', { targets });
  return load;
}
