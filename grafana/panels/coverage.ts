import { OTHER, UNMATCHED } from '../../src/semconv.ts';
import { PATH_LABEL } from '../names.ts';
import { graph } from '../panel-types/graph.ts';
import { ratioOrZero, requests, type Scope, withMatchers } from '../queries.ts';
import { NOW } from '../windows.ts';

/** How much of the traffic the tables by path do not see. */
export function requestsWithoutEndpoint(scope: Scope) {
  const all = requests(scope, NOW);
  const of = (path: string) => ratioOrZero(requests(withMatchers(scope, `${PATH_LABEL}="${path}"`), NOW), all);
  return graph(
    {
      title: 'Requests without an endpoint',
      description: `Share of requests that no table by path can place. "${UNMATCHED}": no route answered; a few percent are scanners, a jump is a broken link or a lost route. "${OTHER}": more distinct paths than APM_MAX_PATHS; normal is 0. Else a route is missing: run "apm doctor" beside the service, or name the routes in APM_ROUTES.`,
      unit: 'percentunit',
      width: 12,
    },
    [
      { expr: of(UNMATCHED), name: UNMATCHED, colour: 'yellow' },
      { expr: of(OTHER), name: OTHER, colour: 'red' },
    ],
  );
}
