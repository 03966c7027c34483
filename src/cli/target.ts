import { readNearestPackage } from '../config/app-package.ts';
import { defaultPort } from '../config/default-port.ts';
import { VARIABLES } from '../config/variables.ts';

/**
 * The process that a command asks.
 * @property origin      scheme, host and port
 * @property paths       paths that may serve the status, in the order to try them
 * @property displayUrl  for messages
 */
export interface Target {
  readonly origin: string;
  readonly paths: readonly string[];
  readonly displayUrl: string;
}

/**
 * The target of an argument. Without an argument, the metrics server that the environment configures.
 * @throws a usage error
 */
export function parseTarget(argument: string | undefined, env: NodeJS.ProcessEnv): Target {
  const { origin, pathname, username, password, search } = new URL(
    argument === undefined ? urlFromEnvironment(env) : parseUrl(argument),
  );
  if (username + password + search !== '')
    throw new Error('expected a URL without user, password or query; the token goes into APM_AUTH_TOKEN');
  const path = pathname.replace(/\/+$/, '');
  return { origin, paths: statusPaths(path), displayUrl: `${origin}${path}` };
}

/** The status is below the scrape. A metrics server also serves it at `/status`, unless the scrape has that path. */
function statusPaths(path: string): string[] {
  if (path === '') return ['/status', '/metrics/status', '/status/status', '/metrics'];
  return path.endsWith('/status') ? [path, `${path}/status`] : [`${path}/status`, path];
}

function parseUrl(argument: string): string {
  const port = /^\d+$/.test(argument) && VARIABLES.port.parse(argument);
  if (port) return `http://localhost:${port}`;
  const url = /^([\w.-]+|\[[\da-f:]+\]):\d+(\/|$)/i.test(argument) ? `http://${argument}` : argument;
  if (/^https?:\/\/./i.test(url) && URL.canParse(url)) return url;
  throw new Error(`expected a URL or a port; got ${JSON.stringify(hideCredentials(argument))}`);
}

/** The text before an @ may be a password. */
export const hideCredentials = (url: string): string => url.replace(/^.*@/, '...@');

/** Reads the variables as the app does, with the same defaults: a command is mostly run in the app's folder. */
function urlFromEnvironment(env: NodeJS.ProcessEnv): string {
  const read = <T>(row: { variable: string; parse(text: string): T | undefined; fallback: T }): T => {
    const text = (env[row.variable] ?? '').trim();
    return (text === '' ? undefined : row.parse(text)) ?? row.fallback;
  };
  const port = read({ ...VARIABLES.port, fallback: defaultPort(readNearestPackage(process.cwd()), env) });
  if (port === 0)
    throw new Error('OTEL_EXPORTER_PROMETHEUS_PORT is 0, so the port is unknown; give the URL that the app logged');
  const host = read(VARIABLES.host);
  const isEveryInterface = host === '0.0.0.0' || host === '::';
  const reachable = isEveryInterface ? 'localhost' : host;
  return `http://${reachable.includes(':') ? `[${reachable}]` : reachable}:${port}`;
}

/** The token in the environment. @throws a usage error where it cannot be sent */
export function readToken(env: NodeJS.ProcessEnv): string | undefined {
  const { variable, expected, parse } = VARIABLES.authToken;
  const text = (env[variable] ?? '').trim();
  if (text === '') return undefined;
  const token = parse(text);
  if (token === undefined) throw new Error(`${variable}: expected ${expected}`);
  return token;
}
