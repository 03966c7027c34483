import { OTHER, UNMATCHED } from '../../src/semconv.ts';
import { PATH_LABEL } from '../names.ts';
import { graph } from '../panel-types/graph.ts';
import { ratioOrZero, requests, type Scope, withMatchers } from '../queries.ts';
import { NOW } from '../windows.ts';

/** The share of the traffic that is missing in the tables by path. */
export function requestsWithoutEndpoint(scope: Scope) {
  const all = requests(scope, NOW);
  const shareOf = (path: string) => ratioOrZero(requests(withMatchers(scope, `${PATH_LABEL}="${path}"`), NOW), all);
  return graph(
    {
      title: 'Requests without an endpoint',
      description: `Share of requests that the tables cannot assign to an endpoint. "${UNMATCHED}": no route answered. A few percent are scanners; a sudden increase is a broken link or a removed route. "${OTHER}": there are more paths than APM_MAX_PATHS. Normal is 0; otherwise run "apm doctor" on the machine of the service, or list the routes in APM_ROUTES.`,
      unit: 'percentunit',
      width: 12,
    },
    [
      { expr: shareOf(UNMATCHED), name: UNMATCHED, colour: 'yellow' },
      { expr: shareOf(OTHER), name: OTHER, colour: 'red' },
    ],
  );
}
