import { VARIABLES } from '../config/variables.ts';

/**
 * What is asked.
 * @property origin  scheme, host and port
 * @property paths   that are tried, in this order
 * @property shown   as people read it
 */
export interface Target {
  readonly origin: string;
  readonly paths: readonly string[];
  readonly shown: string;
}

/**
 * The target that an argument means, else the one the environment has the metrics server at.
 * @throws an Error with one line where it is none
 */
export function targetOf(given: string | undefined, env: NodeJS.ProcessEnv): Target {
  const { origin, pathname, username, password, search } = new URL(
    given === undefined ? fromEnvironment(env) : urlOf(given),
  );
  if (username + password + search !== '')
    throw new Error('a URL without user and query is expected; APM_AUTH_TOKEN has the token');
  const path = pathname.replace(/\/+$/, '');
  return { origin, paths: pathsFor(path), shown: `${origin}${path}` };
}

/** The status is below the scrape; on a metrics server it is at a place of its own too, unless the scrape has that. */
function pathsFor(path: string): string[] {
  if (path === '') return ['/status', '/metrics/status', '/status/status', '/metrics'];
  return path.endsWith('/status') ? [path, `${path}/status`] : [`${path}/status`, path];
}

function urlOf(given: string): string {
  const port = /^\d+$/.test(given) && VARIABLES.port.parse(given);
  if (port) return `http://localhost:${port}`;
  const url = /^([\w.-]+|\[[\da-f:]+\]):\d+(\/|$)/i.test(given) ? `http://${given}` : given;
  if (/^https?:\/\/./i.test(url) && URL.canParse(url)) return url;
  // What stands before an @ may be a password.
  throw new Error(`expected a URL or a port, given ${JSON.stringify(given.replace(/^.*@/, '...@'))}`);
}

/** By the rules that the app reads them by, and with its fallbacks. */
function fromEnvironment(env: NodeJS.ProcessEnv): string {
  const read = <T>(row: { variable: string; parse(text: string): T | undefined; fallback: T }): T => {
    const text = (env[row.variable] ?? '').trim();
    return (text === '' ? undefined : row.parse(text)) ?? row.fallback;
  };
  const port = read(VARIABLES.port);
  if (port === 0)
    throw new Error('OTEL_EXPORTER_PROMETHEUS_PORT is 0, which may be any port; give the URL the app printed');
  const host = read(VARIABLES.host);
  // What every interface is reached by from here.
  const reached = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `http://${reached.includes(':') ? `[${reached}]` : reached}:${port}`;
}

/** @throws where it is none that can be sent */
export function tokenOf(env: NodeJS.ProcessEnv): string | undefined {
  const { variable, expected, parse } = VARIABLES.authToken;
  const text = (env[variable] ?? '').trim();
  if (text === '') return undefined;
  const token = parse(text);
  if (token === undefined) throw new Error(`${variable}: expected ${expected}`);
  return token;
}
