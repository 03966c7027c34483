import type { IncomingMessage } from 'node:http';
import { expect, it, vi } from 'vitest';
import { setLogLevel } from '../../src/base/log.ts';
import { RequestRecord } from '../../src/requests/request-record.ts';
import type { RouteAdapter } from '../../src/route/adapter.ts';
import { adapterFailures } from '../../src/route/adapter-failure.ts';
import { RouteResolver } from '../../src/route/resolver.ts';

/** An adapter that recognises any listener, and whose route is a property of the request. */
const adapter: RouteAdapter = {
  name: 'Test',
  recognise: () => true,
  routeOf: (key) => (key as unknown as { route?: string }).route,
};
const listening = { listeners: () => [() => {}] };

function resolver({ adapters = [] as RouteAdapter[], maxPaths = 500 } = {}) {
  const server = { ...listening };
  const routes = new RouteResolver({ adapters, routes: [], isIgnored: undefined, maxPaths });
  routes.serverListens(server);
  const resolve = (url: string, status: number, route?: string) => {
    const request = new RequestRecord({ route } as unknown as IncomingMessage, server, 'GET', url);
    request.status = status;
    return routes.resolve(request);
  };
  return { path: (...request: Parameters<typeof resolve>) => resolve(...request).path, resolve, routes };
}

it('gives the route of a framework, whatever the status', () => {
  const { path } = resolver({ adapters: [adapter] });
  expect([200, 302, 404, 405, 500].map((status) => path('/users/1', status, '/users/:name'))).toEqual(
    Array(5).fill('/users/:name'),
  );
});

it('gives unmatched for a 404 or 405 without a route in an app with a router, and a template for other responses', () => {
  const { path } = resolver({ adapters: [adapter] });
  expect(path('/assets/app.css', 200)).toBe('/assets/app.css');
  expect([404, 405].map((status) => path('/assets/app.css', status))).toEqual(['unmatched', 'unmatched']);
  expect([200, 304, 500].map((status) => path('/users/42', status))).toEqual(Array(3).fill('/users/:id'));
});

it.each(['*', '/*', '/files/*', '/*splat', '/files/{*rest}', '/**:all', '(.*)', '/x/(.*)', '/.*/'])(
  'gives unmatched for a 404 of %s, the route for all paths without another one',
  (route) => {
    const { path } = resolver({ adapters: [adapter] });
    expect([path('/wp-login.php', 404, route), path('/a', 200, route)]).toEqual(['unmatched', route]);
  },
);

it('names an unknown path of a server without a router only if the response shows that the path exists', () => {
  const { path } = resolver();
  expect([401, 404, 499].map((status) => path('/wp-login.php', status))).toEqual(Array(3).fill('unmatched'));
  expect([path('/new', 201), path('/broken', 503), path('/moved', 301)]).toEqual(['/new', '/broken', '/moved']);
  expect(path('/new', 404)).toBe('/new');
});

it('says whether a framework knew the route, also of paths that both know', () => {
  const { resolve, routes } = resolver({ adapters: [adapter], maxPaths: 2 });
  const found = [
    resolve('/a', 200),
    resolve('/a', 200, '/a'),
    resolve('/b', 200),
    resolve('/c', 200),
    resolve('/c', 200, '/c'),
    resolve('/x', 404, '/*'),
  ];
  expect(found).toEqual([
    { path: '/a', routed: false },
    { path: '/a', routed: true },
    { path: '/b', routed: false },
    { path: 'other', routed: false },
    { path: 'other', routed: true },
    { path: 'unmatched', routed: false },
  ]);
  expect(routes.paths).toEqual({ distinct: 2, max: 2, capped: true });
});

it('gives other for a path past the cap, warns once, and keeps the names it has given', () => {
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
  const { path } = resolver({ adapters: [adapter], maxPaths: 2 });
  const found = [
    path('/a', 200),
    path('/b/1', 200, '/b/:id'),
    path('/c', 200),
    path('/d', 200, '/d/:id'),
    path('/e', 404),
  ];
  expect(found).toEqual(['/a', '/b/:id', 'other', 'other', 'unmatched']);
  expect([path('/a', 200), path('/b/2', 500, '/b/:id')]).toEqual(['/a', '/b/:id']);
  expect(logged.mock.calls).toEqual([
    ['[@org/apm] 2 distinct paths reached (APM_MAX_PATHS); further ones are counted as path="other"'],
  ]);
  logged.mockRestore();
});

it('gives a template when an adapter throws, and warns once per framework, with the stack at the level debug', () => {
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
  const fail = () => {
    throw new TypeError('not\nas expected');
  };
  const broken: RouteAdapter = { name: 'Broken', recognise: () => true, routeOf: fail };
  const strange: RouteAdapter = { name: 'Strange', recognise: fail, recogniseRequest: fail, routeOf: fail };
  setLogLevel('debug');
  const { path } = resolver({ adapters: [strange, broken] });
  const found = [path('/users/42', 200), path('/users/43', 200), path('/orders/42', 500)];
  setLogLevel('info');
  expect(found).toEqual(['/users/:id', '/users/:id', '/orders/:id']);
  const lines = (name: string) => [
    `[@org/apm] could not read the routes of ${name}: TypeError: not as expected; its requests are counted by the shape of their paths. Report this with the versions of ${name} and Node.js, and name the routes with APM_ROUTES`,
    expect.stringContaining(`[@org/apm] could not read the routes of ${name}: TypeError: not\nas expected\n    at `),
  ];
  expect(logged.mock.calls.map(([line]) => line)).toEqual([...lines('Strange'), ...lines('Broken')]);
  const text = 'its adapter threw an error; the stderr of the process shows it';
  expect(adapterFailures()).toEqual([
    { framework: 'Strange', text },
    { framework: 'Broken', text },
  ]);
  logged.mockRestore();
});
