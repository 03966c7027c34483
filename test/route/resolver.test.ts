import type { IncomingMessage } from 'node:http';
import { expect, it, vi } from 'vitest';
import { setLogLevel } from '../../src/base/log.ts';
import { RequestRecord } from '../../src/requests/request-record.ts';
import type { RouteAdapter } from '../../src/route/adapter.ts';
import { RouteResolver } from '../../src/route/resolver.ts';

/** An adapter whose framework is any listener, and whose routes are what a request was given. */
const adapter: RouteAdapter = {
  name: 'Test',
  recognise: () => true,
  routeOf: (carrier) => (carrier as unknown as { route?: string }).route,
};
const listening = { listeners: () => [() => {}] };

function resolver({ adapters = [] as RouteAdapter[], maxPaths = 500 } = {}) {
  const server = { ...listening };
  const routes = new RouteResolver({ adapters, routes: [], ignorePaths: new Set(), maxPaths });
  routes.serverListens(server);
  return (url: string, status: number, route?: string) => {
    const request = new RequestRecord({ route } as unknown as IncomingMessage, server, 'GET', url);
    request.status = status;
    return routes.resolve(request);
  };
}

it('gives the route of a framework, whatever the status', () => {
  const path = resolver({ adapters: [adapter] });
  expect([200, 302, 404, 405, 500].map((status) => path('/users/1', status, '/users/:name'))).toEqual(
    Array(5).fill('/users/:name'),
  );
});

it('gives unmatched for a 404 or 405 that no route gave in an app with a router, and a template for other answers', () => {
  const path = resolver({ adapters: [adapter] });
  expect(path('/assets/app.css', 200)).toBe('/assets/app.css');
  expect([404, 405].map((status) => path('/assets/app.css', status))).toEqual(['unmatched', 'unmatched']);
  expect([200, 304, 500].map((status) => path('/users/42', status))).toEqual(Array(3).fill('/users/:id'));
});

it.each(['*', '/*', '/files/*', '/*splat', '/files/{*rest}', '/**:all', '(.*)', '/x/(.*)', '/.*/'])(
  'gives unmatched for a 404 of %s, which answers what no other route did',
  (route) => {
    const path = resolver({ adapters: [adapter] });
    expect([path('/wp-login.php', 404, route), path('/a', 200, route)]).toEqual(['unmatched', route]);
  },
);

it('gives an unknown path of a server without a router a name only when its answer shows that it exists', () => {
  const path = resolver();
  expect([401, 404, 499].map((status) => path('/wp-login.php', status))).toEqual(Array(3).fill('unmatched'));
  expect([path('/new', 201), path('/broken', 503), path('/moved', 301)]).toEqual(['/new', '/broken', '/moved']);
  expect(path('/new', 404)).toBe('/new');
});

it('gives other for a path past the cap, warns once, and keeps the names it has given', () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  const path = resolver({ adapters: [adapter], maxPaths: 2 });
  const found = [
    path('/a', 200),
    path('/b/1', 200, '/b/:id'),
    path('/c', 200),
    path('/d', 200, '/d/:id'),
    path('/e', 404),
  ];
  expect(found).toEqual(['/a', '/b/:id', 'other', 'other', 'unmatched']);
  expect([path('/a', 200), path('/b/2', 500, '/b/:id')]).toEqual(['/a', '/b/:id']);
  expect(said.mock.calls).toEqual([
    ['[@org/apm] 2 distinct paths reached (APM_MAX_PATHS); further ones are counted as path="other"'],
  ]);
  said.mockRestore();
});

it('gives a template where an adapter meets what it did not expect, and says so once, to who wants to know', () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  const surprised = () => {
    throw new TypeError('not what was expected');
  };
  const broken: RouteAdapter = { name: 'Broken', recognise: () => true, routeOf: surprised };
  const strange: RouteAdapter = {
    name: 'Strange',
    recognise: surprised,
    recogniseRequest: surprised,
    routeOf: surprised,
  };
  setLogLevel('debug');
  const path = resolver({ adapters: [strange, broken] });
  const found = [path('/users/42', 200), path('/users/43', 200), path('/orders/42', 500)];
  setLogLevel('info');
  expect(found).toEqual(['/users/:id', '/users/:id', '/orders/:id']);
  expect(said.mock.calls.map(([line]) => String(line).split('\n')[0])).toEqual([
    '[@org/apm] could not read the routes of Strange: TypeError: not what was expected',
    '[@org/apm] could not read the routes of Broken: TypeError: not what was expected',
  ]);
  said.mockRestore();
});
