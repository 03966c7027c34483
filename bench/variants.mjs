// The compared variants: one preload each, with the same server.
import { existsSync } from 'node:fs';
import { Child, file } from './children.mjs';

const OURS = file('../dist/register.js');
if (!existsSync(OURS)) throw new Error('dist/register.js is missing; run: npm run build');

// Any free port for the scrape, and enough paths for the 10,000 series of the scrape measurement.
const oursEnv = { OTEL_EXPORTER_PROMETHEUS_PORT: '0', APM_MAX_PATHS: '20000' };

/**
 * @property preload  the file for `node --import`
 * @property env      environment variables
 * @property routes   false if requests to a bare server get no path; then series are recorded directly
 */
export const bare = { name: 'bare', preload: file('variants/bare.mjs') };
/** A second bare server. Its difference from the first is the noise of every figure. */
export const again = { ...bare, name: 'again' };
export const ours = { name: 'ours', preload: OURS, env: oursEnv, routes: true };
export const oursNoOutgoing = { ...ours, name: 'oursNoOutgoing', env: { ...oursEnv, APM_OUTGOING: 'false' } };
/** Ours, with a context that is turned off and on. */
export const switchedContext = {
  ...ours,
  name: 'switchedContext',
  preload: file('variants/switched-context.mjs'),
  env: { ...oursEnv, APM_CONTEXT: 'true' },
};
/** Ours, with everything that a request pays for only where it is asked for. */
export const oursLabelled = {
  ...ours,
  name: 'oursLabelled',
  env: { ...oursEnv, APM_LABELS: 'tenant=header:x-tenant,region=value:eu', APM_SIZES: 'true' },
};
/** Ours, without the adapters that learn routes from frameworks. */
export const noAdapters = { ...ours, name: 'noAdapters', preload: file('variants/no-adapters.mjs') };
/** Ours, with durations as spread as those of a real service. */
export const oursSpread = { ...ours, name: 'oursSpread', preload: file('variants/spread.mjs') };
export const upstream = { name: 'upstream', preload: file('variants/upstream.mjs'), routes: false };
export const promClient = { name: 'promClient', preload: file('variants/prom-client.mjs'), routes: true };

export const nodeFlagsOf = (variant) => ['--import', variant.preload];

/** Starts a server with a variant, and waits until it listens. `metricsUrl` is undefined for bare. */
export async function startServer(variant, { nodeFlags = [], env } = {}) {
  const args = [...nodeFlags, ...nodeFlagsOf(variant), file('app/server.js')];
  const server = new Child(args, { ...variant.env, ...env });
  await server.until(() => server.port);
  if (variant.preload !== bare.preload) {
    server.metricsUrl = await server.until(() => /metrics at (\S+)/.exec(server.stderr)?.[1]);
  }
  return server;
}

/** Starts the load generator with these targets. */
export async function startLoad(targets) {
  const load = new Child([file('load.mjs')]);
  await load.ask('setTargets', { targets });
  return load;
}
