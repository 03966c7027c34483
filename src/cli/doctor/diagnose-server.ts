import type { ServerStatus } from '../../status.ts';
import { type Finding, finding } from './finding.ts';

/** Fewer requests than this tell nothing of the share of any. */
const FEW = 20;

/** What there is to say of one server: which framework it has, and what became of its requests. */
export function diagnoseServer(server: ServerStatus): Finding[] {
  const { address, protocol, frameworks, requests } = server;
  const { ended, routed, unmatched } = requests;
  const name = `${address} (${protocol})`;
  const recognised = frameworks.length > 0 ? `${frameworks.join(' and ')} recognised` : 'no framework recognised';
  if (ended === 0) {
    return [finding('no-request', 'note', `${name}: ${recognised}; no request yet.`, `Send one: ${curl(server)}`)];
  }
  const found: Finding[] = [];
  const counted = `${share(routed, ended, 'had a route')}${unmatched > 0 ? `, ${unmatched} unmatched` : ''}`;
  if (frameworks.length === 0) {
    found.push(
      finding(
        'no-framework',
        'note',
        `${name}: no framework recognised; ${ended} request${s(ended)}, with paths by their shape${unmatched > 0 ? `, ${unmatched} unmatched` : ''}.`,
        'Fine for a service without a router; APM_ROUTES=/users/:id,/files/* names its routes where the shape is wrong.',
        'With a router: see that the README names its framework, and start the app with the preload, before all else it loads.',
      ),
    );
  } else if (ended - unmatched >= FEW && routed < (ended - unmatched) / 2) {
    found.push(
      finding(
        'few-routes',
        'note',
        `${name}: ${recognised}, but only ${counted}.`,
        'Most have none to show: answers of middleware, static files or errors, and in Polka routes without parameters. Their paths go by their shape.',
        'APM_ROUTES=/users/:id,/files/* names them where the shape is wrong.',
      ),
    );
  } else found.push(finding('routes', 'ok', `${name}: ${recognised}; ${counted}.`));
  if (ended >= FEW && unmatched > ended / 2) {
    found.push(
      finding(
        'unmatched',
        'problem',
        `${name}: ${share(unmatched, ended, 'were unmatched')}: no route answered them.`,
        'If the clients are yours, they may have a wrong base path, such as /api/users where the app has /users.',
        'If they are scanners, the metrics are right: keep them out before the app.',
      ),
    );
  }
  return found;
}

/** Rounded down, so that only all is 100 %. */
function share(part: number, whole: number, did: string): string {
  return `${part} of ${whole} request${s(whole)} ${did} (${Math.floor((part / whole) * 100)} %)`;
}

const s = (count: number): string => (count === 1 ? '' : 's');

/** A request that reaches the server from its own machine. */
function curl({ address, protocol }: ServerStatus): string {
  if (address.startsWith('unix:')) return `curl --unix-socket ${address.slice('unix:'.length)} http://localhost/`;
  const url = address.replace(/\/\/(0\.0\.0\.0|\[::\]):/, '//localhost:');
  if (url.startsWith('https:')) return `curl -k ${url}/`;
  return protocol === 'http2' ? `curl --http2-prior-knowledge ${url}/` : `curl ${url}/`;
}
