import type { ServerStatus } from '../../status.ts';
import { type Finding, finding } from './finding.ts';

/** With fewer requests, a share of them means nothing. */
const MIN_REQUESTS = 20;
/** A framework that has a route tells it for one of this many answers. */
const MIN_ANSWERED = 5;

const NAME_ROUTES = 'Where a guess is wrong, name the routes: APM_ROUTES=/users/:id,/files/*';

/**
 * Findings about one server: its framework, and how many of its requests had a route.
 * @param areRoutesHidden  another finding says why requests have no route
 */
export function diagnoseServer(server: ServerStatus, areRoutesHidden: boolean): Finding[] {
  const { frameworks, requests } = server;
  const name = `${server.address} (${server.protocol})`;
  const recognised = frameworks.length > 0 ? `${frameworks.join(' and ')} recognised` : 'no framework recognised';
  if (requests.ended > 0)
    return [diagnoseRoutes(server, `${name}: ${recognised}`, areRoutesHidden), ...diagnoseUnmatched(server, name)];
  const send = `Send a request: ${curlCommand(server)}`;
  return [finding('no-request', 'note', `${name}: ${recognised}; no request yet.`, send)];
}

function diagnoseRoutes({ frameworks, requests }: ServerStatus, server: string, areRoutesHidden: boolean): Finding {
  // A process of an older version does not report how many were answered.
  const { ended, answered = 0, routed, unmatched } = requests;
  const matched = ended - unmatched;
  const withUnmatched = unmatched > 0 ? `, ${unmatched} unmatched` : '';
  const routeShare = `${describeShare(routed, ended, 'had a route')}${withUnmatched}`;
  if (frameworks.length === 0 && (routed === 0 || routed < matched / 2)) {
    return finding(
      'no-framework',
      'note',
      `${server}; ${ended} request${plural(ended)}, paths guessed from the URLs${withUnmatched}.`,
      `Fine for a service without a router. ${NAME_ROUTES}`,
      'With a router: check that the README lists the framework, and that the preload comes before everything else the app loads.',
    );
  }
  if (areRoutesHidden) return finding('routes', 'ok', `${server}; ${routeShare}.`);
  if (answered >= MIN_ANSWERED && routed === 0) {
    return finding(
      'no-routes',
      'note',
      `${server}, but none of ${answered} answered requests had a route; their paths are guessed from the URLs.`,
      'Usual reasons: only middleware or static files answered, or a handler for all paths that has a router of its own.',
      'Name its routes: APM_ROUTES=/users/:id,/files/*',
      `If routes of ${frameworks.join(' or ')} were asked for, report this with the versions of @org/apm, ${frameworks.join(', ')} and Node.js.`,
    );
  }
  if (matched >= MIN_REQUESTS && routed < matched / 2) {
    return finding(
      'few-routes',
      'note',
      `${server}, but only ${routeShare}.`,
      'Usual reasons: middleware, static files or errors answered, or the routes are Polka routes without parameters. Those paths are guessed from the URL.',
      NAME_ROUTES,
    );
  }
  return finding('routes', 'ok', `${server}; ${routeShare}.`);
}

function diagnoseUnmatched({ requests: { ended, unmatched } }: ServerStatus, name: string): Finding[] {
  if (ended < MIN_REQUESTS || unmatched <= ended / 2) return [];
  return [
    finding(
      'unmatched',
      'problem',
      `${name}: ${describeShare(unmatched, ended, 'were unmatched')}: no route answered them.`,
      'If these are your own clients, check their base path: they may ask for /api/users where the app has /users.',
      'If these are scanners, the metrics are right. Block scanners in front of the app.',
    ),
  ];
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
