import type { ServerStatus } from '../../status.ts';
import { type Finding, finding } from './finding.ts';

/** With fewer requests, a share of them means nothing. */
const MIN_REQUESTS = 20;

const NAME_ROUTES = 'Where a guess is wrong, name the routes: APM_ROUTES=/users/:id,/files/*';

/** Findings about one server: its framework, and how many of its requests had a route. */
export function diagnoseServer(server: ServerStatus): Finding[] {
  const { address, protocol, frameworks, requests } = server;
  const { ended, routed, unmatched } = requests;
  const name = `${address} (${protocol})`;
  const recognised = frameworks.length > 0 ? `${frameworks.join(' and ')} recognised` : 'no framework recognised';
  if (ended === 0) {
    const send = `Send a request: ${curlCommand(server)}`;
    return [finding('no-request', 'note', `${name}: ${recognised}; no request yet.`, send)];
  }
  const findings: Finding[] = [];
  const withUnmatched = unmatched > 0 ? `, ${unmatched} unmatched` : '';
  const routeShare = `${describeShare(routed, ended, 'had a route')}${withUnmatched}`;
  if (frameworks.length === 0) {
    findings.push(
      finding(
        'no-framework',
        'note',
        `${name}: no framework recognised; ${ended} request${plural(ended)}, paths guessed from the URLs${withUnmatched}.`,
        `Fine for a service without a router. ${NAME_ROUTES}`,
        'With a router: check that the README lists the framework, and that the preload comes before everything else the app loads.',
      ),
    );
  } else if (ended - unmatched >= MIN_REQUESTS && routed < (ended - unmatched) / 2) {
    findings.push(
      finding(
        'few-routes',
        'note',
        `${name}: ${recognised}, but only ${routeShare}.`,
        'Usual reasons: middleware, static files or errors answered, or the routes are Polka routes without parameters. Those paths are guessed from the URL.',
        NAME_ROUTES,
      ),
    );
  } else findings.push(finding('routes', 'ok', `${name}: ${recognised}; ${routeShare}.`));
  if (ended >= MIN_REQUESTS && unmatched > ended / 2) {
    findings.push(
      finding(
        'unmatched',
        'problem',
        `${name}: ${describeShare(unmatched, ended, 'were unmatched')}: no route answered them.`,
        'If these are your own clients, check their base path: they may ask for /api/users where the app has /users.',
        'If these are scanners, the metrics are right. Block scanners in front of the app.',
      ),
    );
  }
  return findings;
}

/** Rounded down, so that only all of them are 100 %. */
function describeShare(part: number, whole: number, verb: string): string {
  return `${part} of ${whole} request${plural(whole)} ${verb} (${Math.floor((part / whole) * 100)} %)`;
}

const plural = (count: number): string => (count === 1 ? '' : 's');

/** A command that sends a request from the server's own machine. */
function curlCommand({ address, protocol }: ServerStatus): string {
  if (address.startsWith('unix:')) return `curl --unix-socket ${address.slice('unix:'.length)} http://localhost/`;
  const url = address.replace(/\/\/(0\.0\.0\.0|\[::\]):/, '//localhost:');
  if (url.startsWith('https:')) return `curl -k ${url}/`;
  return protocol === 'http2' ? `curl --http2-prior-knowledge ${url}/` : `curl ${url}/`;
}
