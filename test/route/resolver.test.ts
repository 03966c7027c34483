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
  mountOf: (key) => (key as unknown as { mount?: string }).mount,
};
const listening = { listeners: () => [() => {}] };

function resolver({ adapters = [] as RouteAdapter[], declared = [] as string[], maxPaths = 500 } = {}) {
  const server = { ...listening };
  const routes = new RouteResolver({ adapters, routes: declared, isIgnored: undefined, maxPaths });
  routes.serverListens(server);
  const resolve = (target: string, status: number, route?: string, mount?: string) => {
    const [method, url] = target.includes(' ') ? (target.split(' ') as [string, string]) : ['GET', target];
    const request = new RequestRecord({ route, mount } as unknown as IncomingMessage, server, method, url);
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
    expect([path('/wp-login.php', 404, route), path('/a', 403, route)]).toEqual(['unmatched', route]);
  },
);

it('gives an answer before the routes to the route that the request would have reached, once that has answered', () => {
  const { path } = resolver({ adapters: [adapter] });
  const early = [301, 304, 401, 429, 500, 503];
  expect(early.map((status) => path('/users/ann', status))).toEqual(early.map(() => 'unmatched'));
  path('/users/bob', 200, '/users/:name');
  path('/users/new', 200, '/users/new');
  path('POST /users/ann', 201, '/users/:id');
  expect(early.map((status) => path('/users/ann', status))).toEqual(early.map(() => '/users/:name'));
  expect(path('/users/ann', 401, undefined, '/users')).toBe('/users/:name');
  expect(path('/users/ann', 401, '*')).toBe('/users/:name');
  expect(path('HEAD /users/ann', 503)).toBe('/users/:name');
  expect(path('/users/new', 503)).toBe('/users/new');
  expect(path('POST /users/ann', 503)).toBe('/users/:id');
  expect(path('PUT /users/ann', 503)).toBe('unmatched');
  // An unknown path, which a router answers like this, too.
  expect([404, 405].map((status) => path('/users/ann', status))).toEqual(['unmatched', 'unmatched']);
});

it('gives what a mount answers to a route only where the route may be below the mount', () => {
  const { path } = resolver({ adapters: [adapter] });
  path('/about', 200, '/:page');
  path('/api/users/ann', 200, '/api/users/:name');
  path('/acme/users/ann', 200, '/:tenant/users/:name');
  expect([
    path('/docs', 200, undefined, '/docs'),
    path('/docs', 401, undefined, '/docs'),
    path('/api/users/bob', 401, undefined, '/api'),
    path('/acme/users/bob', 401, undefined, '/:tenant'),
    path('/api/users/bob', 401, undefined, '/'),
  ]).toEqual(['/docs', '/docs', '/api/users/:name', '/:tenant/users/:name', '/api/users/:name']);
});

it('gives an early answer to an exact route before a declared template, and to that before a trailing parameter', () => {
  const { path } = resolver({ adapters: [adapter], declared: ['/:page', '/*'] });
  path('/cart', 200, '/cart');
  path('/shop/shoes', 200, '/shop/:item');
  expect([path('/cart', 429), path('/cart', 429, '/*splat'), path('/shop/hats', 429)]).toEqual([
    '/cart',
    '/cart',
    '/*',
  ]);
});

it('does not take a file for the parameter of a route, where the file was served', () => {
  const { path } = resolver({ adapters: [adapter] });
  path('/about', 200, '/:page');
  expect([path('/app.css', 200), path('/app.css', 304), path('/logo.png', 503)]).toEqual([
    '/app.css',
    '/app.css',
    '/:page',
  ]);
});

it('asks the table of a framework for a route that has not answered yet, once for each path', () => {
  const asked: string[] = [];
  const table: RouteAdapter = {
    ...adapter,
    matchRoute({ method, path }) {
      asked.push(`${method} ${path}`);
      return path === '/files/a' ? '/files/*' : path.startsWith('/users/') ? '/users/:name' : '/*';
    },
  };
  const { path } = resolver({ adapters: [table] });
  expect([path('/users/ann?a', 401), path('HEAD /users/ann?b', 503), path('/users/bob', 304)]).toEqual(
    Array(3).fill('/users/:name'),
  );
  expect(path('/files/a', 401)).toBe('/files/*');
  // A handler for all paths is no answer: other routes may be meant.
  expect(path('/anything', 401)).toBe('unmatched');
  expect(asked).toEqual(['GET /users/ann', 'GET /users/bob', 'GET /files/a', 'GET /anything']);
});

it('gives the declared template before a wildcard, a mount, a trailing parameter and no route, not before an exact one', () => {
  const { path } = resolver({ adapters: [adapter], declared: ['/pages/:page', '/trpc/:procedure'] });
  expect([
    path('/pages/a', 200, '/*'),
    path('/pages/a', 404, '*'),
    path('/pages/b', 200, '/pages/*'),
    path('/pages/c', 200, undefined, '/pages'),
    path('/pages/d', 503),
    path('/trpc/user.byId', 200, '/trpc/:path'),
    path('/trpc/user.byId', 200, '/trpc/user.byId'),
  ]).toEqual([...Array(5).fill('/pages/:page'), '/trpc/:procedure', '/trpc/user.byId']);
});

it('names the parent of most pages, once there are more than a handler for all paths may have', () => {
  const { path, routes } = resolver({ adapters: [adapter] });
  const posts = Array.from({ length: 50 }, (_, i) => `/blog/${'abcdefghij'[i % 10]}${'klmno'[Math.floor(i / 10)]}`);
  for (const post of posts.slice(0, 48)) path(post, 200, '/*');
  expect([path('/about', 200, '/*'), routes.paths.crowded]).toEqual(['/about', []]);
  expect([path('/prices', 200, '/*'), path('/jobs', 200, '/*')]).toEqual(['/prices', '/*']);
  expect(routes.paths.crowded).toEqual(['/blog']);
});

it('tells apart by shape what a handler for all paths has answered, up to 50 paths', () => {
  const { resolve, path, routes } = resolver({ adapters: [adapter] });
  expect(resolve('/users/42', 200, '/*')).toEqual({ path: '/users/:id', routed: false });
  expect([path('/users/43', 500, '/*'), path('/login', 302, '/*'), path('/login', 500, '/*')]).toEqual([
    '/users/:id',
    '/*',
    '/*',
  ]);
  const words = Array.from(
    { length: 60 },
    (_, i) => `/${'abcdef'[i % 6]}/${'word'.repeat(1 + (i % 9))}${'ghijklm'[Math.floor(i / 9)]}`,
  );
  const found = new Set(words.map((url) => path(url, 200, '/*')));
  expect(found.size).toBe(50);
  expect(found).toContain('/*');
  expect(routes.paths.crowded).toEqual([]);
  // A wildcard below a path of its own is the route that somebody named.
  expect(path('/files/report', 200, '/files/*')).toBe('/files/*');
});

it('counts a redirect or an error without a route as unmatched where a framework has the routes', () => {
  const { path } = resolver({ adapters: [adapter] });
  expect([path('/a', 302), path('/b', 503), path('/c', 401), path('/d', 200), path('/d', 503)]).toEqual([
    'unmatched',
    'unmatched',
    'unmatched',
    '/d',
    '/d',
  ]);
});

it.each([200, 301, 302, 503])('keeps the places of routes, whatever paths are answered with %s', (status) => {
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
  for (const adapters of [[], [adapter]]) {
    const { path } = resolver({ adapters });
    for (let i = 0; i < 550; i++)
      path(`/${'abcdefghij'[i % 10]}${'klmnop'[i % 6]}/${'qrstuvw'.slice(i % 7)}${i % 8}/x${i}`, status);
    const routed = resolver({ adapters: [adapter] });
    for (let i = 0; i < 550; i++) routed.path(`/x${'y'.repeat(i % 30)}/${i % 40}${'z'.repeat(i % 20)}`, status);
    expect(routed.path('/orders/7', 200, '/orders/:order')).toBe('/orders/:order');
  }
  logged.mockRestore();
});

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
    resolve('/d', 200, '/d'),
    resolve('/x', 404, '/*'),
  ];
  expect(found).toEqual([
    { path: '/a', routed: false },
    { path: '/a', routed: true },
    { path: '/b', routed: false },
    { path: 'other', routed: false },
    { path: '/c', routed: true },
    { path: 'other', routed: true },
    { path: 'unmatched', routed: false },
  ]);
  expect(routes.paths).toEqual({ distinct: 3, guessed: 1, crowded: [], max: 2, capped: true });
});

it('gives other for a path past the cap, warns once for routes and once for guesses, and keeps the names it has given', () => {
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {});
  const { path } = resolver({ adapters: [adapter], maxPaths: 1 });
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
    [
      '[@org/apm] 1 distinct guessed paths reached (APM_MAX_PATHS); further ones are counted as path="other". Name their routes with APM_ROUTES',
    ],
    ['[@org/apm] 1 distinct routes reached (APM_MAX_PATHS); further ones are counted as path="other"'],
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
  const found = [path('/users/42', 200), path('/users/43', 200), path('/orders/42', 200)];
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

it('gives the procedure that a request called, in place of the one route that takes all calls, and behind APM_ROUTES', () => {
  const calls = {
    isSought: () => true,
    routeOf: (url: string, _status: number, outer = '') =>
      url.endsWith('/user.byId') ? `${outer}>user.byId` : undefined,
  };
  const { path } = resolver({ adapters: [{ ...adapter, calls }], declared: ['/declared/*'] });
  const targets = ['/trpc/user.byId', '/trpc/other', '/declared/user.byId'];
  expect(targets.map((target) => path(target, 200, '/trpc/:path'))).toEqual([
    '/trpc/:path>user.byId',
    '/trpc/:path',
    '/declared/*',
  ]);
  expect(targets.map((target) => path(target, 404, undefined, '/trpc'))).toEqual([
    '/trpc>user.byId',
    '/trpc',
    '/declared/*',
  ]);
  expect(path('/trpc/user.byId', 200, '/trpc/*')).toBe('/trpc/*>user.byId');
  expect(path('/trpc/user.byId', 200, '/trpc/user.byId/exact')).toBe('/trpc/user.byId/exact');
});

it('keeps no method that a client invents', () => {
  const { path, routes } = resolver({ adapters: [adapter] });
  const key = (i: number) => `M${i} /x/${i}`;
  for (let i = 0; i < 300; i++) path(key(i), 200, '/x/:id');
  // An answer before the routes is looked up by the methods that are kept.
  expect([path('M7 /x/7', 401), path('GET /x/7', 401)]).toEqual(['unmatched', 'unmatched']);
  path('GET /x/7', 200, '/x/:id');
  expect([path('M7 /x/7', 401), path('GET /x/8', 401)]).toEqual(['unmatched', '/x/:id']);
  expect(routes.paths.distinct).toBe(1);
});

it('does not match a path of more than 512 characters with the routes', () => {
  const { path } = resolver({ adapters: [adapter] });
  path('/files/a', 200, '/files/:name');
  expect(path(`/files/${'a'.repeat(506)}`, 401)).toBe('unmatched');
  expect(path(`/files/${'a'.repeat(505)}?${'q'.repeat(1000)}`, 401)).toBe('/files/:name');
});
